package io.github.lbkit.testkit.docker.internal.engine;

import io.github.lbkit.api.runtime.NameResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The listening sockets of all containers of one engine. Each socket answers every request with a fixed text; one
 * thread serves them all. Thread-safe.
 */
public final class LoopbackHttp {
    private static final int BACKLOG = 256;
    private static final int MAX_HEAD = 16 * 1024;

    private final Selector selector;
    private final Thread thread;

    /** One listening address. */
    public final class Listener {
        private final ServerSocketChannel channel;
        private final byte[] answer;
        private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

        /** True if connections are accepted and never answered; written by the engine, read by the thread. */
        private volatile boolean unresponsive;

        private Listener(ServerSocketChannel channel, String text) {
            this.channel = channel;
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            answer = ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length + "\r\n\r\n"
                            + text)
                    .getBytes(StandardCharsets.UTF_8);
        }

        /** The port. */
        public int port() {
            return channel.socket().getLocalPort();
        }

        /** Sets whether connections are accepted and never answered. */
        public void unresponsive(boolean value) {
            unresponsive = value;
            if (!value) {
                for (SocketChannel connection : connections) {
                    SelectionKey key = connection.keyFor(selector);
                    if (key != null && key.isValid()) {
                        key.interestOps(SelectionKey.OP_READ);
                    }
                }
                selector.wakeup();
            }
        }

        /** Stops listening and closes all connections; new ones are refused. */
        public void close() {
            closeQuietly(channel);
            connections.forEach(LoopbackHttp::closeQuietly);
            selector.wakeup();
        }
    }

    /** The input of one connection. */
    private record Input(Listener listener, ByteBuffer head) {}

    LoopbackHttp(String name) {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = new Thread(this::run, name + "-containers");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Starts to listen at an address; null if the address is in use or is not an address of this machine.
     *
     * @param port the port; 0 for any free one
     * @param text the body of every answer
     */
    public @Nullable Listener listen(String host, int port, String text) {
        InetAddress address = host.isEmpty()
                ? InetAddress.getLoopbackAddress()
                : NameResolver.literal(host).orElse(null);
        if (address == null) {
            return null;
        }
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.bind(new InetSocketAddress(address, port), BACKLOG);
                channel.configureBlocking(false);
                Listener listener = new Listener(channel, text);
                SelectionKey unused = channel.register(selector, SelectionKey.OP_ACCEPT, listener);
                selector.wakeup();
                return listener;
            } catch (IOException e) {
                channel.close();
                return null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the thread. */
    public void close() {
        closeQuietly(selector);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (selector.isOpen()) {
            try {
                int unused = selector.select(this::ready);
            } catch (IOException | ClosedSelectorException e) {
                return;
            }
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.attachment() instanceof Listener listener) {
                accept(listener);
            } else if (key.attachment() instanceof Input input && key.channel() instanceof SocketChannel channel) {
                read(key, channel, input);
            }
        } catch (IOException | CancelledKeyException e) {
            end(key);
        }
    }

    private void accept(Listener listener) throws IOException {
        SocketChannel channel = listener.channel.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            listener.connections.add(channel);
            SelectionKey unused = channel.register(
                    selector, SelectionKey.OP_READ, new Input(listener, ByteBuffer.allocate(MAX_HEAD)));
        }
    }

    private void read(SelectionKey key, SocketChannel channel, Input input) throws IOException {
        if (input.listener().unresponsive) {
            key.interestOps(0);
            return;
        }
        ByteBuffer head = input.head();
        if (channel.read(head) < 0 || !head.hasRemaining()) {
            end(key);
            return;
        }
        for (int end = endOfHead(head); end > 0; end = endOfHead(head)) {
            head.flip().position(end);
            head.compact();
            ByteBuffer answer = ByteBuffer.wrap(input.listener().answer);
            while (answer.hasRemaining()) {
                if (channel.write(answer) == 0) {
                    throw new ClosedChannelException();
                }
            }
        }
    }

    private static int endOfHead(ByteBuffer head) {
        for (int i = 3; i < head.position(); i++) {
            if (head.get(i - 3) == '\r' && head.get(i - 2) == '\n' && head.get(i - 1) == '\r' && head.get(i) == '\n') {
                return i + 1;
            }
        }
        return 0;
    }

    private static void end(SelectionKey key) {
        key.cancel();
        closeQuietly(key.channel());
        if (key.attachment() instanceof Input input && key.channel() instanceof SocketChannel channel) {
            input.listener().connections.remove(channel);
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // nothing more can be done to close it
        }
    }
}
