package io.github.lbkit.http.internal.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a connection has to work with during one event: what it had left, and what was just read. One a loop,
 * shared by all its connections, so that an idle one holds none. Confined to its loop.
 */
public final class Input {
    /** How much one read takes: a body of 64 KiB, which many are, with the head before it, and some more. */
    static final int READ = 96 * 1024;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ);
    private byte[] bytes = new byte[READ + 16 * 1024];
    private int from;
    private int to;

    /** The array that {@link #from} and {@link #to} point into; another one after the next event. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the first byte is that was not taken. */
    public int from() {
        return from;
    }

    /** Where the bytes end. */
    public int to() {
        return to;
    }

    /** Whether nothing is left. */
    public boolean isEmpty() {
        return from == to;
    }

    /** How many bytes are left. */
    public int size() {
        return to - from;
    }

    /** Everything before this position is taken. */
    public void take(int position) {
        from = position;
    }

    /** Drops what is left. */
    public void clear() {
        from = to;
    }

    /** Begins an event with what a connection had left. */
    void load(byte @Nullable [] left) {
        from = 0;
        to = 0;
        if (left != null) {
            if (bytes.length < left.length + READ) {
                bytes = new byte[left.length + READ];
            }
            System.arraycopy(left, 0, bytes, 0, left.length);
            to = left.length;
        }
    }

    /** Reads once, behind what is there. */
    int fill(Transport transport) throws IOException {
        buffer.clear();
        int read = transport.read(buffer);
        if (read > 0) {
            buffer.flip();
            buffer.get(bytes, to, read);
            to += read;
        }
        return read;
    }

    /** What is left, as an array of its own; null if nothing is. */
    byte @Nullable [] rest() {
        return from == to ? null : Arrays.copyOfRange(bytes, from, to);
    }
}
