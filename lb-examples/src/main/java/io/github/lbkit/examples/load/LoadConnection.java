package io.github.lbkit.examples.load;

import io.github.lbkit.examples.load.ResponseReader.ProtocolException;
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
 * One client connection, which carries one request at a time and connects when needed. It reports the end of each
 * request to its owner exactly once. Confined to the generator's thread.
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

    /** The owner of a connection, which gets the end of each request. */
    interface Owner {
        /** A request was answered. */
        void answered(LoadConnection connection, int status, byte[] body, int length);

        /** A request failed. */
        void failed(LoadConnection connection, LoadFailure failure);
    }

    LoadConnection(InetSocketAddress address, Selector selector, Owner owner) {
        this.address = address;
        this.selector = selector;
        this.owner = owner;
    }

    /** Sends a request. The latency counts from {@code begun}; without an answer by the deadline, the request fails. */
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

    /** Fails a request whose deadline has passed. */
    void expire(long nowNanos) {
        if (busy && nowNanos - deadlineNanos >= 0) {
            fail(LoadFailure.TIMEOUT);
        }
    }

    /** Handles an event of the selector. */
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
        } catch (ProtocolException e) {
            fail(LoadFailure.PROTOCOL);
        } catch (IOException e) {
            fail(channel != null && channel.isConnected() ? LoadFailure.DISCONNECT : LoadFailure.CONNECT);
        }
    }

    /** Closes the connection without a report about a request in progress. */
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

    private void read(ByteBuffer buffer) throws IOException, ProtocolException {
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
            disconnect(); // unexpected bytes: later responses could not be assigned to requests
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
        boolean wasBusy = busy;
        busy = false;
        disconnect();
        if (wasBusy) {
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
                // the connection is unusable in any case
            }
        }
    }

    /** Returns the head of a GET request with this request id. */
    static byte[] head(InetSocketAddress address, String path, String id) {
        String host = address.getHostString();
        return ("GET " + path + " HTTP/1.1\r\nHost: " + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":"
                        + address.getPort() + "\r\nX-Request-Id: " + id + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
