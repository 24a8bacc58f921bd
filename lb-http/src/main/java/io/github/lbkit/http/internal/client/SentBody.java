package io.github.lbkit.http.internal.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;

/** A channel that notes whether the server is to act next, or the source of the body. Confined to one thread at a time. */
final class SentBody implements DataStreamChannel {
    private final DataStreamChannel channel;
    private boolean serversTurn;

    SentBody(DataStreamChannel channel) {
        this.channel = channel;
    }

    /** Whether the body is complete, or the connection did not take all of a part. */
    boolean serversTurn() {
        return serversTurn;
    }

    @Override
    public void requestOutput() {
        channel.requestOutput();
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int written = channel.write(from);
        serversTurn = from.hasRemaining();
        return written;
    }

    @Override
    public void endStream() throws IOException {
        serversTurn = true;
        channel.endStream();
    }

    @Override
    public void endStream(@Nullable List<? extends Header> trailers) throws IOException {
        serversTurn = true;
        channel.endStream(trailers);
    }
}
