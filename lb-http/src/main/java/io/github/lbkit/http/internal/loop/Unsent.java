package io.github.lbkit.http.internal.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes that a socket did not take, in their order; made when there are some, dropped when there are none left. */
final class Unsent {
    private byte[] bytes;
    private int from;
    private int to;

    Unsent(byte[] source, int start, int end) {
        bytes = Arrays.copyOfRange(source, start, end);
        to = bytes.length;
    }

    void add(byte[] source, int start, int end) {
        int size = to - from;
        byte[] both = Arrays.copyOfRange(bytes, from, from + size + end - start);
        System.arraycopy(source, start, both, size, end - start);
        bytes = both;
        from = 0;
        to = both.length;
    }

    /** Writes what goes now; the number of bytes. */
    int flush(Transport transport, ByteBuffer buffer) throws IOException {
        int written = write(transport, buffer, bytes, from, to);
        from += written;
        return written;
    }

    int size() {
        return to - from;
    }

    boolean isEmpty() {
        return from == to;
    }

    /** Writes through a direct buffer, as far as the socket takes it; the number of bytes. */
    static int write(Transport transport, ByteBuffer buffer, byte[] bytes, int from, int to) throws IOException {
        int at = from;
        while (at < to) {
            int length = Math.min(to - at, buffer.capacity());
            buffer.clear();
            buffer.put(bytes, at, length).flip();
            int wrote = writeOnce(transport, buffer, at > from);
            at += wrote;
            if (wrote < length) {
                break;
            }
        }
        return at - from;
    }

    /** A fault after some bytes have gone must not hide that they have: it comes again with the next write. */
    private static int writeOnce(Transport transport, ByteBuffer buffer, boolean someAreGone) throws IOException {
        try {
            return transport.write(buffer);
        } catch (IOException e) {
            if (someAreGone) {
                return 0;
            }
            throw e;
        }
    }
}
