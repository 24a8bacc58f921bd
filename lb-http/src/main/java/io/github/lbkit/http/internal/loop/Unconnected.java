package io.github.lbkit.http.internal.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectableChannel;

/** The transport of a connection that has no socket yet: nothing can be read or written. Stateless. */
final class Unconnected implements Transport {
    static final Unconnected INSTANCE = new Unconnected();

    private Unconnected() {}

    @Override
    public SelectableChannel channel() {
        throw new NotYetConnectedException();
    }

    @Override
    public boolean connect(SocketAddress address) {
        throw new NotYetConnectedException();
    }

    @Override
    public boolean finishConnect() {
        return false;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        throw new IOException("not connected yet");
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        throw new IOException("not connected yet");
    }

    @Override
    public void shutdownOutput() {}

    @Override
    public void close() {}

    @Override
    public void reset() {}
}
