package io.github.lbkit.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A port of this machine that neither accepts nor refuses connections, like a host behind a firewall: a listener with a
 * full queue. For tests of connect timeouts and of names with several addresses. Requires a kernel that drops
 * connection attempts beyond the queue, as Linux does.
 */
public final class UnansweredPort implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 64;
    private static final int FULL_AFTER_MILLIS = 300;

    private final ServerSocket listener;
    private final List<SocketChannel> waiting = new ArrayList<>();

    private UnansweredPort(ServerSocket listener) {
        this.listener = listener;
    }

    /**
     * Opens the port on an address.
     *
     * @param address an address of this machine, such as 127.0.0.2
     * @param port the port, or 0 for any free one
     */
    public static UnansweredPort at(InetAddress address, int port) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.bind(new InetSocketAddress(address, port), 1);
            UnansweredPort unanswered = new UnansweredPort(listener);
            unanswered.fill();
            return unanswered;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fill() throws IOException {
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            SocketChannel channel = SocketChannel.open();
            waiting.add(channel);
            try {
                channel.socket().connect(address(), FULL_AFTER_MILLIS);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
        throw new IOException("the queue of the listener took " + MAX_CONNECTIONS + " connections and is not full");
    }

    /** Returns the address and port. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Frees the port. */
    @Override
    public void close() {
        try {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
