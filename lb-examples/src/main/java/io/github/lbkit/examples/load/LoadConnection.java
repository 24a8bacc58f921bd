package io.github.lbkit.examples.load;

import io.github.lbkit.examples.load.ResponseReader.WrongAnswer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One client connection: a request at a time; connects where it must. Ends every request it was given exactly once, by
 * telling its owner. Confined to the generator's thread.
 */
final class LoadConnection {
    private final InetSocketAddress address;
    private final Selector selector;
    private final Owner owner;
    private final ResponseReader reader = new ResponseReader();
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private ByteBuffer request = ByteBuffer.allocate(0);
    private boolean busy;
    private long begunNanos;
    private long deadlineNanos;

    /** Who gave the request. */
    interface Owner {
        void answered(LoadConnection connection, int status, byte[] body, int length);

        void failed(LoadConnection connection, LoadFailure failure);
    }

    LoadConnection(InetSocketAddress address, Selector selector, Owner owner) {
        this.address = address;
        this.selector = selector;
        this.owner = owner;
    }

    /** Sends a request; latency counts from begun, the answer is due by the deadline. */
    void send(byte[] head, long begun, long deadline) {
        request = ByteBuffer.wrap(head);
        busy = true;
        begunNanos = begun;
        deadlineNanos = deadline;
        reader.reset();
        try {
            if (channel == null) {
                connect();
            }
            if (channel != null && channel.isConnected()) {
                write();
            }
        } catch (IOException e) {
            fail(channel != null && channel.isConnected() ? LoadFailure.DISCONNECT : LoadFailure.CONNECT);
        }
    }

    long begunNanos() {
        return begunNanos;
    }

    /** Gives up a request whose deadline is over. */
    void expire(long nowNanos) {
        if (busy && nowNanos - deadlineNanos >= 0) {
            fail(LoadFailure.TIMEOUT);
        }
    }

    /** The selector says that something can be done. */
    void ready(ByteBuffer buffer) {
        SelectionKey ready = key;
        if (ready == null || !ready.isValid()) {
            return;
        }
        try {
            if (ready.isConnectable()) {
                finishConnect();
            } else {
                if (ready.isWritable()) {
                    write();
                }
                if (ready.isValid() && ready.isReadable()) {
                    read(buffer);
                }
            }
        } catch (WrongAnswer e) {
            fail(LoadFailure.PROTOCOL);
        } catch (IOException e) {
            fail(channel != null && channel.isConnected() ? LoadFailure.DISCONNECT : LoadFailure.CONNECT);
        }
    }

    /** Closes the connection; nobody is told of a request that is under way. */
    void close() {
        disconnect();
    }

    private void connect() throws IOException {
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        boolean connected = opened.connect(address);
        key = opened.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
    }

    private void finishConnect() throws IOException {
        if (channel != null && key != null && channel.finishConnect()) {
            key.interestOps(SelectionKey.OP_READ);
            if (busy) {
                write();
            }
        }
    }

    private void write() throws IOException {
        if (channel == null || key == null) {
            return;
        }
        channel.write(request);
        key.interestOps(request.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    private void read(ByteBuffer buffer) throws IOException, WrongAnswer {
        if (channel == null) {
            return;
        }
        buffer.clear();
        int length = channel.read(buffer);
        if (length < 0) {
            ended();
            return;
        }
        buffer.flip();
        if (!busy && buffer.hasRemaining()) {
            disconnect(); // bytes that nobody asked for: what follows could not be told apart
        } else if (busy && reader.read(buffer)) {
            boolean keep = !reader.closes() && !buffer.hasRemaining();
            answered(keep);
        }
    }

    private void ended() {
        if (!busy) {
            disconnect();
        } else if (reader.end()) {
            answered(false);
        } else {
            fail(LoadFailure.DISCONNECT);
        }
    }

    private void answered(boolean keep) {
        busy = false;
        if (!keep) {
            disconnect();
        }
        owner.answered(this, reader.status(), reader.body(), reader.bodyLength());
    }

    private void fail(LoadFailure failure) {
        boolean had = busy;
        busy = false;
        disconnect();
        if (had) {
            owner.failed(this, failure);
        }
    }

    private void disconnect() {
        SocketChannel open = channel;
        channel = null;
        key = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // it is gone all the same
            }
        }
    }

    /** A GET of this path with an id of its own. */
    static byte[] head(InetSocketAddress address, String path, String id) {
        String host = address.getHostString();
        return ("GET " + path + " HTTP/1.1\r\nHost: " + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":"
                        + address.getPort() + "\r\nX-Request-Id: " + id + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
