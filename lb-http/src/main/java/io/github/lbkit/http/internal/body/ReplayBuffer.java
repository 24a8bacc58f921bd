package io.github.lbkit.http.internal.body;

import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.body.ChunkEncoder;
import java.util.Arrays;

/**
 * A bounded copy of a request's body, from which the body is sent again. A body that exceeds the bound is dropped, and
 * the request cannot be sent again.
 */
public final class ReplayBuffer {
    private static final byte[] NOTHING = {};

    private final int limit;
    private byte[] bytes = NOTHING;
    private int size;
    private boolean whole = true;

    /** Creates an empty buffer of at most this many bytes. */
    public ReplayBuffer(int limit) {
        this.limit = limit;
    }

    /** Appends a run of the body, or drops the whole body if the run does not fit. */
    public void add(byte[] from, int start, int end) {
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

    /** Drops the body: the request will not be sent again. */
    public void drop() {
        whole = false;
        bytes = NOTHING;
        size = 0;
    }

    /** Returns the number of bytes kept. */
    public int size() {
        return size;
    }

    /** Returns whether the buffer has all bytes of the body received so far. */
    public boolean isWhole() {
        return whole;
    }

    /** Appends the kept bytes to the output, as one chunk if the body is chunked. */
    public void putTo(ByteSink out, boolean chunked) {
        if (size > 0 && chunked) {
            ChunkEncoder.putChunk(out, bytes, 0, size);
        } else {
            out.put(bytes, 0, size);
        }
    }
}
