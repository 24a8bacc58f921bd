package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.wire.ByteSink;
import java.util.Arrays;

/** What has come of a request's body, so that it can be sent again; once too much has come, nothing. */
final class ReplayBuffer {
    private static final byte[] NOTHING = {};

    private final int limit;
    private byte[] bytes = NOTHING;
    private int size;
    private boolean whole = true;

    ReplayBuffer(int limit) {
        this.limit = limit;
    }

    void add(byte[] from, int start, int end) {
        int length = end - start;
        if (!whole) {
            return;
        }
        if (length > limit - size) {
            drop();
            return;
        }
        if (bytes.length < size + length) {
            bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(size + length, 2 * bytes.length)));
        }
        System.arraycopy(from, start, bytes, size, length);
        size += length;
    }

    /** Keeps nothing from here on: the request will not be sent again. */
    void drop() {
        whole = false;
        bytes = NOTHING;
        size = 0;
    }

    /** Returns how many bytes are kept. */
    int size() {
        return size;
    }

    /** Whether all of the body that has come is here. */
    boolean isWhole() {
        return whole;
    }

    void putTo(BodyRelay body, ByteSink out) {
        if (size > 0) {
            body.put(bytes, 0, size, out);
        }
    }
}
