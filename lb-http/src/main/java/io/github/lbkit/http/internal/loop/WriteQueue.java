package io.github.lbkit.http.internal.loop;

import io.github.lbkit.http.internal.transport.Transport;
import java.io.IOException;
import java.util.Arrays;

/** The bytes that a transport did not accept yet, in order. A connection without such bytes has no queue. */
final class WriteQueue {
    private byte[] bytes;
    private int from;
    private int to;

    WriteQueue(byte[] source, int start, int end) {
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

    /** Removes the bytes that the transport accepts now. Returns their number. */
    int writeTo(Transport transport) throws IOException {
        int written = transport.write(bytes, from, to);
        from += written;
        return written;
    }

    int size() {
        return to - from;
    }

    boolean isEmpty() {
        return from == to;
    }
}
