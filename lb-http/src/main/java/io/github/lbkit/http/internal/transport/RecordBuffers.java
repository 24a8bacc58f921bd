package io.github.lbkit.http.internal.transport;

import java.nio.ByteBuffer;

/**
 * The buffers for TLS records of one loop. They are on the heap, because the JDK encrypts a record in its heap array in
 * place, and copies the bytes of a direct buffer more than once. Confined to its loop.
 */
final class RecordBuffers {
    /** The number of free bytes that an SSLEngine asks for before it writes any record. */
    static final int MAX_RECORD = 16_709;

    private static final int RECORDS_PER_WRITE = 6;

    private final ByteBuffer in;
    private final ByteBuffer out = ByteBuffer.allocate(RECORDS_PER_WRITE * MAX_RECORD);
    private final ByteBuffer dropped = ByteBuffer.allocate(2 * MAX_RECORD);

    /**
     * Creates buffers.
     *
     * @param readSize the most bytes that one read of a channel takes
     */
    RecordBuffers(int readSize) {
        in = ByteBuffer.allocate(readSize + 2 * MAX_RECORD);
    }

    /** Returns the buffer for received records, empty. */
    ByteBuffer in() {
        return in.clear();
    }

    /** Returns the buffer for records to be sent, empty. */
    ByteBuffer out() {
        return out.clear();
    }

    /** Returns a buffer for plaintext that is not expected, empty. */
    ByteBuffer dropped() {
        return dropped.clear();
    }
}
