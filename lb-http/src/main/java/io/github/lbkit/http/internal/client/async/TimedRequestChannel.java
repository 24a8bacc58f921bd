package io.github.lbkit.http.internal.client.async;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.jspecify.annotations.Nullable;

/**
 * A channel that tells whether a request waits for its server or for the source of its body. Confined to one thread at
 * a time.
 */
final class TimedRequestChannel implements DataStreamChannel {
    private final DataStreamChannel channel;
    private boolean waitsForServer;

    TimedRequestChannel(DataStreamChannel channel) {
        this.channel = channel;
    }

    /** Returns whether the body is complete, or the connection did not accept all bytes of the last write. */
    boolean waitsForServer() {
        return waitsForServer;
    }

    @Override
    public void requestOutput() {
        channel.requestOutput();
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int written = channel.write(from);
        waitsForServer = from.hasRemaining();
        return written;
    }

    @Override
    public void endStream() throws IOException {
        waitsForServer = true;
        channel.endStream();
    }

    @Override
    public void endStream(@Nullable List<? extends Header> trailers) throws IOException {
        waitsForServer = true;
        channel.endStream(trailers);
    }
}
