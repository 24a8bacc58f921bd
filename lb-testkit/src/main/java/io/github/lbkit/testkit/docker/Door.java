package io.github.lbkit.testkit.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where clients come in: a unix socket, a port of 127.0.0.1, or both; one thread for each connection. Thread-safe. */
final class Door {
    private static final int BACKLOG = 128;

    private final String name;
    private final @Nullable Path socket;
    private final boolean tcp;
    private final EngineFaults faults;
    private final Function<Request, Reply> engine;
    private final List<ServerSocketChannel> listening = new ArrayList<>();

    /** All that are open, and those of them on which no call is under way; guarded by this, as is all that changes. */
    private final Set<HttpConnection> open = new HashSet<>();

    private final Set<HttpConnection> idle = new HashSet<>();
    private final Set<HttpConnection> dropping = new HashSet<>();
    private final Set<Thread> threads = new HashSet<>();

    /** Those of the threads that accept connections. */
    private final List<Thread> accepting = new ArrayList<>();

    private int port;
    private int accepted;

    Door(String name, @Nullable Path socket, boolean tcp, EngineFaults faults, Function<Request, Reply> engine) {
        this.name = name;
        this.socket = socket;
        this.tcp = tcp;
        this.faults = faults;
        this.engine = engine;
    }

    /** Listens; at the same places as before, if it did. */
    synchronized void open() {
        if (!listening.isEmpty()) {
            return;
        }
        try {
            if (socket != null) {
                Files.deleteIfExists(socket);
                ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                listen(channel.bind(UnixDomainSocketAddress.of(socket), BACKLOG));
            }
            if (tcp) {
                InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
                ServerSocketChannel channel = ServerSocketChannel.open();
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                listen(channel.bind(new InetSocketAddress(loopback, port), BACKLOG));
                port = channel.socket().getLocalPort();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port of 127.0.0.1; 0 if there is none. */
    synchronized int port() {
        return port;
    }

    /** How many connections are open. */
    synchronized int connections() {
        return open.size();
    }

    /** How many connections were ever accepted. */
    synchronized int accepted() {
        return accepted;
    }

    /**
     * Listens no more: the file of the unix socket is still there, and whoever connects is refused. Waits for those who
     * accept: until they have noticed, the system takes connections for them.
     */
    void shut() {
        List<Thread> ending;
        synchronized (this) {
            listening.forEach(channel -> quietly(channel::close));
            listening.clear();
            ending = List.copyOf(accepting);
            accepting.clear();
        }
        join(ending);
    }

    /** {@link #shut}, and the file is gone. */
    void vanish() {
        shut();
        if (socket != null) {
            quietly(() -> Files.deleteIfExists(socket));
        }
    }

    /** Ends the connections on which no call is under way, and the others when theirs is answered. */
    synchronized void dropIdle() {
        open.forEach(connection -> {
            if (idle.contains(connection)) {
                quietly(connection::close);
            } else {
                dropping.add(connection);
            }
        });
    }

    /** Ends all connections. */
    synchronized void dropAll() {
        open.forEach(connection -> quietly(connection::close));
    }

    /** Ends all that there is, and the threads with it. */
    void close() {
        vanish();
        dropAll();
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

    private void listen(ServerSocketChannel channel) {
        listening.add(channel);
        accepting.add(startThread("accept", () -> {
            try {
                while (true) {
                    accept(channel.accept());
                }
            } catch (IOException e) {
                // the door is shut
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
            for (Request request = connection.read(); request != null; request = connection.read()) {
                begin(connection);
                if (!answer(connection, request) || !finish(connection)) {
                    return;
                }
            }
        } catch (IOException | EngineError e) {
            // the client is gone, or will be
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                open.remove(connection);
                idle.remove(connection);
                dropping.remove(connection);
            }
            quietly(connection::close);
        }
    }

    private synchronized void begin(HttpConnection connection) {
        idle.remove(connection);
    }

    /** False if the connection is to be dropped. */
    private synchronized boolean finish(HttpConnection connection) {
        return !dropping.contains(connection) && idle.add(connection);
    }

    /** False if nothing may follow on this connection. */
    private boolean answer(HttpConnection connection, Request request) throws IOException, InterruptedException {
        faults.passCall();
        EngineFaults.Verdict verdict = faults.verdict(request).orElse(null);
        if (verdict != null && verdict.fate() == EngineFaults.Fate.REFUSED) {
            connection.write(
                    Reply.error(verdict.status(), verdict.message()),
                    !request.method().equals("HEAD"));
            return true;
        }
        if (verdict != null && verdict.fate() == EngineFaults.Fate.IGNORED) {
            faults.neverAnswer();
            return false;
        }
        Reply reply = engine.apply(request);
        Reply.Stream stream = reply.stream;
        if (stream != null) {
            write(connection, reply, stream);
            return false;
        }
        if (verdict != null) {
            if (verdict.fate() == EngineFaults.Fate.CUT) {
                connection.writeCut(reply);
                return false;
            }
            reply = Reply.bytes(reply.status, "application/json", "{\"Id\": [oops".getBytes(StandardCharsets.US_ASCII));
        }
        if (reply.after != null) {
            try {
                var unused = reply.after.toCompletableFuture().get();
            } catch (ExecutionException e) {
                reply = Reply.error(500, String.valueOf(e.getCause()));
            }
        }
        connection.write(reply, !request.method().equals("HEAD"));
        return true;
    }

    private void write(HttpConnection connection, Reply reply, Reply.Stream stream)
            throws IOException, InterruptedException {
        Thread writer = Thread.currentThread();
        Thread watcher = startThread("watch", () -> {
            try {
                connection.awaitEnd();
            } catch (IOException e) {
                // that is an end, too
            }
            writer.interrupt();
        });
        try (stream) {
            connection.writeHead(reply);
            stream.writeTo(connection::writeChunk);
            connection.writeLastChunk();
        } finally {
            connection.close();
            watcher.join(TimeUnit.SECONDS.toMillis(5));
        }
    }

    private synchronized Thread startThread(String what, Runnable work) {
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
                name + "-" + what);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
        return thread;
    }

    private interface Closing {
        void close() throws IOException;
    }

    private static void quietly(Closing closing) {
        try {
            closing.close();
        } catch (IOException e) {
            // it is closed, as far as it can be
        }
    }
}
