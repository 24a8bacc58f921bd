package io.github.lbkit.http.internal.loop;

import io.github.lbkit.http.internal.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a connection can consume during one event: the bytes left over from earlier events, then the bytes
 * just read. A loop has one input for all its connections, so that an idle connection holds no buffer. Confined to its
 * loop.
 */
public final class Input {
    /** The most bytes that one read of a plain connection takes: a body of 64 KiB with its head, and some more. */
    static final int READ_SIZE = 96 * 1024;

    private byte[] bytes = new byte[READ_SIZE + 16 * 1024];

    /** A view of {@link #bytes} for transports. */
    private ByteBuffer buffer = ByteBuffer.wrap(bytes);

    private int from;
    private int to;

    /** Returns the array that {@link #from} and {@link #to} refer to. The next event may use another array. */
    public byte[] bytes() {
        return bytes;
    }

    /** Returns the position of the first byte that was not consumed. */
    public int from() {
        return from;
    }

    /** Returns the position after the last byte. */
    public int to() {
        return to;
    }

    /** Returns whether all bytes were consumed. */
    public boolean isEmpty() {
        return from == to;
    }

    /** Returns the number of bytes that were not consumed. */
    public int size() {
        return to - from;
    }

    /** Consumes all bytes before this position. */
    public void consumeTo(int position) {
        from = position;
    }

    /** Consumes all bytes. */
    public void clear() {
        from = to;
    }

    /** Begins an event with the bytes left over from earlier events. */
    void load(byte @Nullable [] leftover) {
        from = 0;
        to = 0;
        if (leftover != null) {
            if (bytes.length < leftover.length + READ_SIZE) {
                bytes = new byte[leftover.length + READ_SIZE];
                buffer = ByteBuffer.wrap(bytes);
            }
            System.arraycopy(leftover, 0, bytes, 0, leftover.length);
            to = leftover.length;
        }
    }

    /** Reads once, and appends the bytes. Returns the result of {@link Transport#read}. */
    int readFrom(Transport transport) throws IOException {
        buffer.clear().position(to);
        int read = transport.read(buffer);
        if (read > 0) {
            to += read;
        }
        return read;
    }

    /** Returns a copy of the bytes that were not consumed; null if there are none. */
    byte @Nullable [] leftover() {
        return from == to ? null : Arrays.copyOfRange(bytes, from, to);
    }
}
