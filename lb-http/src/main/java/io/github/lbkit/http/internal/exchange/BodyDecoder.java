package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.body.ChunkDecoder;
import io.github.lbkit.http.internal.wire.body.Framing;
import org.jspecify.annotations.Nullable;

/** Finds the runs of data in a body of any framing, and its end. */
final class BodyDecoder {
    private final boolean toClose;
    private final @Nullable ChunkDecoder chunks;
    private long left;
    private boolean complete;
    private int dataStart;
    private int dataEnd;

    BodyDecoder(long framing, int maxTrailers, int maxTrailerFields) {
        toClose = framing == Framing.TO_CLOSE;
        chunks = framing == Framing.CHUNKED ? new ChunkDecoder(maxTrailers, maxTrailerFields) : null;
        left = Math.max(0, framing);
        complete = !toClose && chunks == null && left == 0;
    }

    /** Reads on to the end of the next run; returns where it stopped. Nothing behind the body is looked at. */
    int decode(byte[] bytes, int from, int to) throws BadMessageException {
        if (chunks != null) {
            int at = chunks.decode(bytes, from, to);
            dataStart = chunks.dataStart();
            dataEnd = chunks.dataEnd();
            complete = chunks.complete();
            return at;
        }
        int run = toClose ? to - from : (int) Math.min(left, to - from);
        dataStart = from;
        dataEnd = from + run;
        if (!toClose) {
            left -= run;
            complete = left == 0;
        }
        return dataEnd;
    }

    /** The sender ended its connection; whether that is the end of the body. */
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

    /** How much is known to be still to come; 0 if that is not known. */
    long left() {
        return left;
    }

    @Nullable
    Head trailers() {
        return chunks == null ? null : chunks.trailers();
    }
}
