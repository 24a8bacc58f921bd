package io.github.lbkit.testkit.docker;

import io.github.lbkit.api.NameResolver;
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

/** What listens for all containers of one engine: answers every request by a text, on one thread. Thread-safe. */
final class LoopbackHttp {
    private static final int BACKLOG = 256;
    private static final int LONGEST_HEAD = 16 * 1024;

    private final Selector selector;
    private final Thread thread;

    /** One address that is listened at. */
    final class Site {
        private final ServerSocketChannel channel;
        private final byte[] answer;
        private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

        /** Whether it accepts and says nothing; written by the engine, read by the thread. */
        private volatile boolean silent;

        private Site(ServerSocketChannel channel, String text) {
            this.channel = channel;
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            answer = ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + body.length + "\r\n\r\n"
                            + text)
                    .getBytes(StandardCharsets.UTF_8);
        }

        int port() {
            return channel.socket().getLocalPort();
        }

        /** Accepts and says nothing from now on, or speaks again. */
        void silent(boolean value) {
            silent = value;
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

        /** Refuses whoever connects, and ends what is connected. */
        void close() {
            quietly(channel);
            connections.forEach(LoopbackHttp::quietly);
            selector.wakeup();
        }
    }

    /** What is read on one connection. */
    private record Reading(Site site, ByteBuffer head) {}

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

    /** Listens at this address; port 0 is any free one. Null if it is taken or not this machine's. */
    @Nullable
    Site listen(String host, int port, String text) {
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
                Site site = new Site(channel, text);
                SelectionKey unused = channel.register(selector, SelectionKey.OP_ACCEPT, site);
                selector.wakeup();
                return site;
            } catch (IOException e) {
                channel.close();
                return null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void close() {
        quietly(selector);
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
            if (key.attachment() instanceof Site site) {
                accept(site);
            } else if (key.attachment() instanceof Reading reading && key.channel() instanceof SocketChannel channel) {
                read(key, channel, reading);
            }
        } catch (IOException | CancelledKeyException e) {
            end(key);
        }
    }

    private void accept(Site site) throws IOException {
        SocketChannel channel = site.channel.accept();
        if (channel != null) {
            channel.configureBlocking(false);
            site.connections.add(channel);
            SelectionKey unused = channel.register(
                    selector, SelectionKey.OP_READ, new Reading(site, ByteBuffer.allocate(LONGEST_HEAD)));
        }
    }

    private void read(SelectionKey key, SocketChannel channel, Reading reading) throws IOException {
        if (reading.site().silent) {
            key.interestOps(0);
            return;
        }
        ByteBuffer head = reading.head();
        if (channel.read(head) < 0 || !head.hasRemaining()) {
            end(key);
            return;
        }
        for (int end = endOfHead(head); end > 0; end = endOfHead(head)) {
            head.flip().position(end);
            head.compact();
            ByteBuffer answer = ByteBuffer.wrap(reading.site().answer);
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
        quietly(key.channel());
        if (key.attachment() instanceof Reading reading && key.channel() instanceof SocketChannel channel) {
            reading.site().connections.remove(channel);
        }
    }

    private static void quietly(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception e) {
            // it is closed, as far as it can be
        }
    }
}
