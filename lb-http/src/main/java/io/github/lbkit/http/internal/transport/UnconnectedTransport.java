package io.github.lbkit.http.internal.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectableChannel;

/** The transport of a connection that has no socket yet: reading and writing fail. Stateless. */
public final class UnconnectedTransport implements Transport {
    /** The only instance. */
    public static final UnconnectedTransport INSTANCE = new UnconnectedTransport();

    private UnconnectedTransport() {}

    @Override
    public SelectableChannel channel() {
        throw new NotYetConnectedException();
    }

    @Override
    public void listen(Listener listener) {}

    @Override
    public boolean connect(SocketAddress address) {
        throw new NotYetConnectedException();
    }

    @Override
    public boolean finishConnect() {
        return false;
    }

    @Override
    public int operationsFor(int wanted) {
        return wanted;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        throw new IOException("not connected yet");
    }

    @Override
    public boolean hasPendingInput() {
        return false;
    }

    @Override
    public int write(byte[] bytes, int from, int to) throws IOException {
        throw new IOException("not connected yet");
    }

    @Override
    public int unflushedBytes() {
        return 0;
    }

    @Override
    public void flush() {}

    @Override
    public void shutdownOutput() {}

    @Override
    public void close() {}

    @Override
    public void reset() {}
}
