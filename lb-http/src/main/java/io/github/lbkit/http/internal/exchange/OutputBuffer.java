package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.wire.ByteSink;

/**
 * The output buffer that all connections of one loop share. A user fills it and sends it before any other user can run.
 * Confined to its loop.
 */
public final class OutputBuffer {
    private static final int INITIAL_CAPACITY = 128 * 1024;
    private static final int MAX_RETAINED_CAPACITY = 16 * INITIAL_CAPACITY;

    private ByteSink bytes = new ByteSink(INITIAL_CAPACITY);

    /** Returns the buffer, empty. */
    public ByteSink cleared() {
        if (bytes.array().length > MAX_RETAINED_CAPACITY) {
            bytes = new ByteSink(INITIAL_CAPACITY); // a large local response must not occupy memory forever
        }
        bytes.clear();
        return bytes;
    }
}
