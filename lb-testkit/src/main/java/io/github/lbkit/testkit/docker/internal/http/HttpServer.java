package io.github.lbkit.testkit.docker.internal.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server of an engine on a unix socket, a port of 127.0.0.1, or both; one thread per connection. Thread-safe.
 */
public final class HttpServer {
    private static final int BACKLOG = 128;

    private final String name;
    private final @Nullable Path socket;
    private final boolean tcp;
    private final Faults faults;
    private final Function<Request, Response> engine;
    private final List<ServerSocketChannel> listening = new ArrayList<>();

    /** The open connections; guarded by this object's monitor, as are all fields below. */
    private final Set<HttpConnection> open = new HashSet<>();

    /** The open connections without a call in progress. */
    private final Set<HttpConnection> idle = new HashSet<>();
    /** The connections that are closed when their call in progress has been answered. */
    private final Set<HttpConnection> closing = new HashSet<>();

    private final Set<Thread> threads = new HashSet<>();

    /** The threads of {@link #threads} that accept connections. */
    private final List<Thread> accepting = new ArrayList<>();

    private int port;
    private int accepted;

    /**
     * Creates a server that does not listen yet.
     *
     * @param name the prefix of the names of its threads
     * @param socket the file of the unix socket; null for none
     * @param tcp whether the server also listens on a port of 127.0.0.1
     */
    public HttpServer(
            String name, @Nullable Path socket, boolean tcp, Faults faults, Function<Request, Response> engine) {
        this.name = name;
        this.socket = socket;
        this.tcp = tcp;
        this.faults = faults;
        this.engine = engine;
    }

    /** Starts to listen; again on the same port after {@link #stopListening}. */
    public synchronized void listen() {
        if (!listening.isEmpty()) {
            return;
        }
        try {
            if (socket != null) {
                Files.deleteIfExists(socket);
                ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                acceptOn(channel.bind(UnixDomainSocketAddress.of(socket), BACKLOG));
            }
            if (tcp) {
                InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
                ServerSocketChannel channel = ServerSocketChannel.open();
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                acceptOn(channel.bind(new InetSocketAddress(loopback, port), BACKLOG));
                port = channel.socket().getLocalPort();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port on 127.0.0.1; 0 if the server does not listen on TCP. */
    public synchronized int port() {
        return port;
    }

    /** The number of open connections. */
    public synchronized int connections() {
        return open.size();
    }

    /** The number of connections accepted so far. */
    public synchronized int accepted() {
        return accepted;
    }

    /**
     * Stops listening: new connections are refused, and the file of the unix socket remains. Waits for the accepting
     * threads, because the kernel accepts connections until they have ended.
     */
    public void stopListening() {
        List<Thread> ending;
        synchronized (this) {
            listening.forEach(channel -> closeQuietly(channel::close));
            listening.clear();
            ending = List.copyOf(accepting);
            accepting.clear();
        }
        join(ending);
    }

    /** Stops listening and deletes the file of the unix socket. */
    public void removeSocket() {
        stopListening();
        if (socket != null) {
            closeQuietly(() -> Files.deleteIfExists(socket));
        }
    }

    /** Closes idle connections at once, and the others when their call in progress has been answered. */
    public synchronized void closeGracefully() {
        open.forEach(connection -> {
            if (idle.contains(connection)) {
                closeQuietly(connection::close);
            } else {
                closing.add(connection);
            }
        });
    }

    /** Closes all connections at once. */
    public synchronized void closeConnections() {
        open.forEach(connection -> closeQuietly(connection::close));
    }

    /** Stops listening, closes all connections and ends all threads. */
    public void close() {
        removeSocket();
        closeConnections();
        List<Thread> ending;
        synchronized (this) {
            ending = List.copyOf(threads);
        }
        ending.forEach(Thread::interrupt);
        join(ending);
    }

    private static void join(List<Thread> ending) {
        for (Thread thread : ending) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void acceptOn(ServerSocketChannel channel) {
        listening.add(channel);
        accepting.add(startThread("accept", () -> {
            try {
                while (true) {
                    accept(channel.accept());
                }
            } catch (IOException e) {
                // the channel was closed
            }
        }));
    }

    private synchronized void accept(SocketChannel channel) throws IOException {
        HttpConnection connection = new HttpConnection(channel);
        if (listening.isEmpty()) {
            connection.close();
            return;
        }
        open.add(connection);
        idle.add(connection);
        accepted++;
        startThread("connection-" + accepted, () -> serve(connection));
    }

    private void serve(HttpConnection connection) {
        try {
            CallExchange exchange = new CallExchange(connection, faults, engine, this::startThread);
            for (Request request = connection.read(); request != null; request = connection.read()) {
                callBegan(connection);
                if (!exchange.answer(request) || !callEnded(connection)) {
                    return;
                }
            }
        } catch (IOException | EngineError e) {
            // the connection is broken, or its input is not HTTP
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                open.remove(connection);
                idle.remove(connection);
                closing.remove(connection);
            }
            closeQuietly(connection::close);
        }
    }

    private synchronized void callBegan(HttpConnection connection) {
        idle.remove(connection);
    }

    /** Returns false if the connection must be closed. */
    private synchronized boolean callEnded(HttpConnection connection) {
        return !closing.contains(connection) && idle.add(connection);
    }

    private synchronized Thread startThread(String purpose, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } finally {
                        synchronized (this) {
                            threads.remove(Thread.currentThread());
                        }
                    }
                },
                name + "-" + purpose);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return thread;
    }

    private interface Closing {
        void close() throws IOException;
    }

    private static void closeQuietly(Closing closing) {
        try {
            closing.close();
        } catch (IOException e) {
            // nothing more can be done to close it
        }
    }
}
