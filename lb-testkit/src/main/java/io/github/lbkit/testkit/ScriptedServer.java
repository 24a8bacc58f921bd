package io.github.lbkit.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP server on 127.0.0.1 that runs a {@link ServerScript} on each connection, for tests against servers that refuse,
 * stall, reset or send false lengths. The n-th connection gets the n-th script, and later ones get the last.
 * Thread-safe; its threads are daemons and end with {@link #close}.
 *
 * <pre>{@code
 * ServerScript cut = new ServerScript().expectHead().send("HTTP/1.1 200 OK\r\n").reset();
 * try (ScriptedServer server = ScriptedServer.start(cut)) {
 *     …
 *     server.awaitEnded(1);
 *     assertThat(server.heads()).hasSize(1);
 * }
 * }</pre>
 */
public final class ScriptedServer implements AutoCloseable {
    private static final int BACKLOG = 512;
    private static final long AWAIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** Reserves the port while the server refuses connections. */
    private final Socket reserved = new Socket();

    private final int port;

    /** Guarded by this object's monitor, as are all fields below; threads that await a change wait on it. */
    private List<ServerScript> scripts = List.of();

    private @Nullable ServerSocket listening;
    private final List<ScriptedConnection> connections = new ArrayList<>();

    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;

    private ScriptedServer() throws IOException {
        reserved.bind(new InetSocketAddress(loopback(), 0));
        port = reserved.getLocalPort();
    }

    private ScriptedServer(ServerSocket listening, ServerScript... scripts) {
        port = listening.getLocalPort();
        listen(listening, scripts);
    }

    /** Starts a server with one script or more. */
    public static ScriptedServer start(ServerScript... scripts) {
        checkScripts(scripts);
        try {
            return new ScriptedServer(bound(0), scripts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a server that refuses every connection until {@link #listen}; its port is reserved. */
    public static ScriptedServer refusing() {
        try {
            return new ScriptedServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a refusing server listen on its port, with one script or more. */
    public synchronized void listen(ServerScript... toPlay) {
        checkScripts(toPlay);
        if (closed || listening != null) {
            throw new IllegalStateException("the server on port " + port + " listens already or is closed");
        }
        try {
            reserved.close();
            listen(bound(port), toPlay);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkScripts(ServerScript... scripts) {
        if (scripts.length == 0) {
            throw new IllegalArgumentException("scripts is empty; a server needs one or more");
        }
    }

    private static ServerSocket bound(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(loopback(), port), BACKLOG);
        return socket;
    }

    private synchronized void listen(ServerSocket socket, ServerScript... toPlay) {
        listening = socket;
        scripts = List.of(toPlay);
        startThread("accept", () -> accept(socket));
    }

    /** The port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** The address, 127.0.0.1 and the port. */
    public InetSocketAddress address() {
        try {
            return new InetSocketAddress(loopback(), port);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The number of accepted connections. */
    public synchronized int accepted() {
        return connections.size();
    }

    /** The number of connections whose script has ended, or that the peer has closed. */
    public synchronized int ended() {
        return (int) connections.stream().filter(ScriptedConnection::ended).count();
    }

    /** The number of connections that this side has not closed. */
    public synchronized int open() {
        return connections.size() - ended();
    }

    /** Returns all heads that the scripts have read, connection by connection, with one char per byte. */
    public synchronized List<String> heads() {
        return connections.stream().flatMap(c -> c.heads().stream()).toList();
    }

    /** Returns all bytes that the scripts have read, connection by connection, with one char per byte. */
    public synchronized String received() {
        StringBuilder all = new StringBuilder();
        connections.forEach(c -> all.append(c.received()));
        return all.toString();
    }

    /**
     * Returns all bytes that the script of one connection has read, with one char per byte; connections count from 0.
     */
    public synchronized String received(int connection) {
        return connections.get(connection).received();
    }

    /** The number of bytes that the scripts have written to sockets. */
    public synchronized long sent() {
        return connections.stream().mapToLong(ScriptedConnection::sent).sum();
    }

    /** Returns the failures of scripts, such as a connection that the peer closed too early. */
    public synchronized List<String> failures() {
        return connections.stream()
                .map(ScriptedConnection::failure)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Waits until this number of connections was accepted; fails after 20 seconds. */
    public void awaitAccepted(int count) {
        await(() -> accepted() >= count, count + " connections");
    }

    /** Waits until this number of heads was read; fails after 20 seconds. */
    public void awaitHeads(int count) {
        await(() -> heads().size() >= count, count + " heads");
    }

    /** Waits until this number of connections has ended; fails after 20 seconds. */
    public void awaitEnded(int count) {
        await(() -> ended() >= count, count + " ended connections");
    }

    /** Waits until the scripts have read this number of bytes in total; fails after 20 seconds. */
    public void awaitReceived(int bytes) {
        await(() -> received().length() >= bytes, bytes + " bytes");
    }

    /** Closes all connections and ends all threads; new connections are refused. */
    @Override
    public void close() {
        List<ScriptedConnection> ending;
        List<Thread> joining;
        ServerSocket stopping;
        synchronized (this) {
            closed = true;
            stopping = listening;
            ending = List.copyOf(connections);
            joining = List.copyOf(threads);
        }
        try {
            reserved.close();
            if (stopping != null) {
                stopping.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ending.forEach(ScriptedConnection::end);
        joining.forEach(Thread::interrupt);
        for (Thread thread : joining) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static InetAddress loopback() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    /** Wakes the threads that await a change. */
    synchronized void changed() {
        notifyAll();
    }

    private synchronized void await(BooleanSupplier condition, String expected) {
        long deadline = System.nanoTime() + AWAIT_NANOS;
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("not within 20 seconds: " + expected + "; accepted " + accepted() + ", ended "
                        + ended() + ", failures " + failures() + ", received " + received());
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + expected, e);
            }
        }
    }

    private void accept(ServerSocket socket) {
        while (true) {
            try {
                Socket accepted = socket.accept();
                accepted.setTcpNoDelay(true);
                serve(accepted);
            } catch (IOException e) {
                return;
            }
        }
    }

    private synchronized void serve(Socket socket) throws IOException {
        if (closed) {
            socket.close();
            return;
        }
        ServerScript script = scripts.get(Math.min(connections.size(), scripts.size() - 1));
        ScriptedConnection connection = new ScriptedConnection(this, socket);
        connections.add(connection);
        startThread("connection-" + connections.size(), () -> connection.play(script));
        notifyAll();
    }

    private synchronized void startThread(String name, Runnable work) {
        Thread thread = new Thread(work, "scripted-server-" + port + "-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }
}
