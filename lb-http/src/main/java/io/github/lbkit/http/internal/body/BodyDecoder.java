package io.github.lbkit.http.internal.body;

import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.body.ChunkDecoder;
import io.github.lbkit.http.internal.wire.body.Framing;
import org.jspecify.annotations.Nullable;

/** A decoder of any framing: it finds the runs of data in a body, and the end of the body. */
final class BodyDecoder {
    private final boolean toClose;
    private final @Nullable ChunkDecoder chunks;
    private long remaining;
    private boolean complete;
    private int dataStart;
    private int dataEnd;

    BodyDecoder(long framing, int maxTrailers, int maxTrailerFields) {
        toClose = framing == Framing.TO_CLOSE;
        chunks = framing == Framing.CHUNKED ? new ChunkDecoder(maxTrailers, maxTrailerFields) : null;
        remaining = Math.max(0, framing);
        complete = !toClose && chunks == null && remaining == 0;
    }

    /**
     * Reads to the end of the next run of data. Bytes behind the body are not read.
     *
     * @return the position after the last byte read
     */
    int decode(byte[] bytes, int from, int to) throws BadMessageException {
        if (chunks != null) {
            int at = chunks.decode(bytes, from, to);
            dataStart = chunks.dataStart();
            dataEnd = chunks.dataEnd();
            complete = chunks.complete();
            return at;
        }
        int run = toClose ? to - from : (int) Math.min(remaining, to - from);
        dataStart = from;
        dataEnd = from + run;
        if (!toClose) {
            remaining -= run;
            complete = remaining == 0;
        }
        return dataEnd;
    }

    /** Notes that the sender has closed its connection. Returns whether the body is complete. */
    boolean end() {
        complete |= toClose;
        return complete;
    }

    int dataStart() {
        return dataStart;
    }

    int dataEnd() {
        return dataEnd;
    }

    boolean isComplete() {
        return complete;
    }

    /** Returns the number of bytes known to follow; 0 if that number is not known. */
    long remaining() {
        return remaining;
    }

    @Nullable
    Head trailers() {
        return chunks == null ? null : chunks.trailers();
    }
}
