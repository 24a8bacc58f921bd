package io.github.lbkit.http.internal.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A transport without encryption: it holds no bytes except those that were read before it was created, and a FIN is an
 * orderly end. Confined to its loop.
 */
public final class PlainTransport implements Transport {
    private final SocketChannel channel;
    private final IoBuffers buffers;

    /** Input that was read from the channel before; null if there is none left. */
    private @Nullable ByteBuffer readBefore;

    /** The bytes that begin the connection once it is made; null if there are none. */
    private byte @Nullable [] preface;

    /** Creates a transport that owns this channel, and sets the channel to non-blocking TCP with TCP_NODELAY. */
    public PlainTransport(SocketChannel channel, IoBuffers buffers) throws IOException {
        this.channel = channel;
        this.buffers = buffers;
        channel.configureBlocking(false);
        if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) { // not on a Unix socket
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    /**
     * Creates a transport for a channel of which some input was read.
     *
     * @param input the bytes that were read, which this transport returns first
     */
    public static PlainTransport after(byte[] input, SocketChannel channel, IoBuffers buffers) throws IOException {
        PlainTransport transport = new PlainTransport(channel, buffers);
        transport.readBefore = input.length == 0 ? null : ByteBuffer.wrap(input);
        return transport;
    }

    /**
     * Creates a transport for a channel that is not connected.
     *
     * @param preface the bytes that the transport sends as soon as the connection is made, such as a PROXY header; null
     *     for none
     */
    public static PlainTransport beginningWith(byte @Nullable [] preface, SocketChannel channel, IoBuffers buffers)
            throws IOException {
        PlainTransport transport = new PlainTransport(channel, buffers);
        transport.preface = preface;
        return transport;
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public void listen(Listener listener) {}

    @Override
    public boolean connect(SocketAddress address) throws IOException {
        return begun(channel.connect(address));
    }

    @Override
    public boolean finishConnect() throws IOException {
        return begun(channel.finishConnect());
    }

    private boolean begun(boolean connected) throws IOException {
        byte[] first = preface;
        if (connected && first != null) {
            preface = null;
            writePreface(first, channel, buffers);
        }
        return connected;
    }

    /**
     * Writes the first bytes of a connection that was just made, before a handshake. The send buffer of a new socket is
     * larger than these bytes.
     *
     * @throws IOException also if the socket does not take all bytes at once
     */
    static void writePreface(byte[] bytes, WritableByteChannel channel, IoBuffers buffers) throws IOException {
        int written = write(channel, buffers.output(), bytes, 0, bytes.length);
        if (written < bytes.length) {
            throw new IOException("a new socket took " + written + " of " + bytes.length + " bytes");
        }
    }

    @Override
    public int operationsFor(int wanted) {
        return wanted;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        ByteBuffer before = readBefore;
        if (before != null) {
            return readFrom(before, into);
        }
        ByteBuffer direct = buffers.input();
        direct.clear().limit(Math.min(direct.capacity(), into.remaining()));
        int read = channel.read(direct);
        if (read <= 0) {
            return read;
        }
        into.put(direct.flip());
        return read;
    }

    private int readFrom(ByteBuffer before, ByteBuffer into) {
        int count = Math.min(before.remaining(), into.remaining());
        into.put(before.slice().limit(count));
        before.position(before.position() + count);
        if (!before.hasRemaining()) {
            readBefore = null;
        }
        return count;
    }

    @Override
    public boolean hasPendingInput() {
        return readBefore != null;
    }

    @Override
    public int write(byte[] bytes, int from, int to) throws IOException {
        return write(channel, buffers.output(), bytes, from, to);
    }

    @Override
    public int unflushedBytes() {
        return 0;
    }

    @Override
    public void flush() {}

    @Override
    public void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException | RuntimeException e) {
            close(); // not connected any more
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // the process has released the socket all the same
        }
    }

    @Override
    public void reset() {
        try {
            if (channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException e) {
            // closed already, or never connected
        }
        close();
    }

    /** Writes through a direct buffer until the channel takes no more. Returns the number of bytes written. */
    static int write(WritableByteChannel channel, ByteBuffer buffer, byte[] bytes, int from, int to)
            throws IOException {
        int at = from;
        while (at < to) {
            int length = Math.min(to - at, buffer.capacity());
            buffer.clear();
            buffer.put(bytes, at, length).flip();
            int written = writeOnce(channel, buffer, at > from);
            at += written;
            if (written < length) {
                break;
            }
        }
        return at - from;
    }

    /** Writes once. A failure after earlier bytes were written is left to the next write, so that they are counted. */
    private static int writeOnce(WritableByteChannel channel, ByteBuffer buffer, boolean someWritten)
            throws IOException {
        try {
            return channel.write(buffer);
        } catch (IOException e) {
            if (someWritten) {
                return 0;
            }
            throw e;
        }
    }
}
