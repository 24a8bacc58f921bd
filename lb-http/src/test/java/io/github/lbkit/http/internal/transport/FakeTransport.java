package io.github.lbkit.http.internal.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A transport that holds bytes of both directions, as one with TLS does. Its channel reports no event. Confined to one
 * loop, or to one thread.
 */
public final class FakeTransport implements Transport {
    private final Pipe.SourceChannel channel;
    private final ArrayDeque<byte[]> pending = new ArrayDeque<>();
    private final ByteArrayOutputStream flushed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream unflushed = new ByteArrayOutputStream();
    private @Nullable Listener listener;

    /** The number of bytes that the next writes accept. */
    public int accepts = Integer.MAX_VALUE;

    /** Whether the socket takes accepted bytes at once. */
    public boolean flushesAtOnce = true;

    /** The end of the input, returned after the pending bytes; 0 for none. */
    public int end;

    /** Whether the transport is closed. */
    public boolean closed;

    /** Creates a transport. */
    public FakeTransport() throws IOException {
        Pipe pipe = Pipe.open();
        channel = pipe.source();
        channel.configureBlocking(false);
    }

    /** Adds input that one read returns. */
    public void receive(String text) {
        pending.add(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Calls the listener as after a delegated task. */
    public void resume() {
        if (listener != null) {
            listener.transportResumed();
        }
    }

    /** Returns the bytes that the socket has taken. */
    public String flushed() {
        return flushed.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public void listen(Listener newListener) {
        listener = newListener;
    }

    @Override
    public boolean connect(SocketAddress address) {
        return true;
    }

    @Override
    public boolean finishConnect() {
        return true;
    }

    @Override
    public int operationsFor(int wanted) {
        return wanted & SelectionKey.OP_READ;
    }

    @Override
    public int read(ByteBuffer into) {
        byte[] next = pending.poll();
        if (next == null) {
            return end;
        }
        into.put(next);
        return next.length;
    }

    @Override
    public boolean hasPendingInput() {
        return !pending.isEmpty();
    }

    @Override
    public int write(byte[] bytes, int from, int to) {
        int accepted = Math.min(accepts, to - from);
        accepts -= accepted;
        (flushesAtOnce ? flushed : unflushed).write(bytes, from, accepted);
        return accepted;
    }

    @Override
    public int unflushedBytes() {
        return unflushed.size();
    }

    @Override
    public void flush() {
        flushed.writeBytes(unflushed.toByteArray());
        unflushed.reset();
    }

    @Override
    public void shutdownOutput() {}

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void reset() {
        closed = true;
    }
}
