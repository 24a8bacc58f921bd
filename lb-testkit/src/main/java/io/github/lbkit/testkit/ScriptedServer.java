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
 * A server on a port of its own on 127.0.0.1 that does to each connection what a script says, byte by byte: for tests of
 * proxies and pools against servers that refuse, stall, reset or lie. The first connection gets the first script, and so on;
 * further ones get the last. Thread-safe; its threads are daemons and end with {@link #close}.
 *
 * <pre>{@code
 * try (ScriptedServer server = ScriptedServer.start(new ServerScript().expectHead().send("HTTP/1.1 200 OK\r\n").reset())) {
 *     …
 *     server.awaitEnded(1);
 *     assertThat(server.heads()).hasSize(1);
 * }
 * }</pre>
 */
public final class ScriptedServer implements AutoCloseable {
    private static final int BACKLOG = 512;
    private static final long AWAIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** Holds the port of one that refuses. */
    private final Socket reserved = new Socket();

    private final int port;

    /** All below is guarded by this object's lock, and waited for on it. */
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

    /** A server that listens; one script at least. */
    public static ScriptedServer start(ServerScript... scripts) {
        checkScripts(scripts);
        try {
            return new ScriptedServer(bound(0), scripts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that is taken but refuses every connection, until {@link #listen} or {@link #close}. */
    public static ScriptedServer refusing() {
        try {
            return new ScriptedServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on one that refused listens, on the same port; one script at least. */
    public synchronized void listen(ServerScript... toPlay) {
        checkScripts(toPlay);
        if (closed || listening != null) {
            throw new IllegalStateException("the server on port " + port + " listens already, or is closed");
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
            throw new IllegalArgumentException("no script");
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

    /** The port. */
    public int port() {
        return port;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        try {
            return new InetSocketAddress(loopback(), port);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many connections it has accepted. */
    public synchronized int accepted() {
        return connections.size();
    }

    /** How many connections have come to the end of their script, or were ended by the peer. */
    public synchronized int ended() {
        return (int) connections.stream().filter(ScriptedConnection::ended).count();
    }

    /** How many connections are open on this side. */
    public synchronized int open() {
        return connections.size() - ended();
    }

    /** All heads that were expected and came, connection by connection, one char a byte. */
    public synchronized List<String> heads() {
        return connections.stream().flatMap(c -> c.heads().stream()).toList();
    }

    /** All bytes that the scripts have read, connection by connection, one char a byte. */
    public synchronized String received() {
        StringBuilder all = new StringBuilder();
        connections.forEach(c -> all.append(c.received()));
        return all.toString();
    }

    /** All bytes that the script of this connection has read, counted from 0; one char a byte. */
    public synchronized String received(int connection) {
        return connections.get(connection).received();
    }

    /** How many bytes the scripts have sent, or handed to the kernel. */
    public synchronized long sent() {
        return connections.stream().mapToLong(ScriptedConnection::sent).sum();
    }

    /** What went wrong in the scripts, in words: mostly that the peer ended the connection. */
    public synchronized List<String> failures() {
        return connections.stream()
                .map(ScriptedConnection::failure)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Waits until so many connections were accepted; fails after 20 seconds. */
    public void awaitAccepted(int count) {
        await(() -> accepted() >= count, count + " connections");
    }

    /** Waits until so many heads have come; fails after 20 seconds. */
    public void awaitHeads(int count) {
        await(() -> heads().size() >= count, count + " heads");
    }

    /** Waits until so many connections have ended; fails after 20 seconds. */
    public void awaitEnded(int count) {
        await(() -> ended() >= count, count + " ended connections");
    }

    /** Waits until the scripts have read so many bytes in total; fails after 20 seconds. */
    public void awaitReceived(int bytes) {
        await(() -> received().length() >= bytes, bytes + " bytes");
    }

    /** Ends all connections and all threads; further connections are refused. */
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

    /** Tells those who wait that something changed. */
    synchronized void changed() {
        notifyAll();
    }

    private synchronized void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + AWAIT_NANOS;
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("waited in vain for " + what + "; accepted " + accepted() + ", ended "
                        + ended() + ", failures " + failures() + ", received " + received());
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
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
