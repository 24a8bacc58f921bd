package io.github.lbkit.http.internal.wire.body;

import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.HeadParser;
import io.github.lbkit.http.internal.wire.Octets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A strict, incremental decoder of chunked bodies (RFC 9112 7.1). Returns the data as ranges of the caller's own bytes,
 * without a copy. Chunk extensions are checked and dropped. The chunk framing is not part of the data: the caller
 * frames the data anew. Allocates memory only for trailers. Confined to one thread. After a
 * {@link BadMessageException}, {@link #reset} must be called first.
 *
 * <pre>{@code
 * while (at < to && !decoder.complete()) {
 *     at = decoder.decode(bytes, at, to);
 *     relay(bytes, decoder.dataStart(), decoder.dataEnd()); // may be empty
 * }
 * }</pre>
 */
public final class ChunkDecoder {
    private static final int MAX_DIGITS = 16;

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_LINE_FEED,
        DATA,
        DATA_CARRIAGE_RETURN,
        DATA_LINE_FEED,
        LAST_LINE,
        LAST_LINE_FEED,
        TRAILERS,
        COMPLETE
    }

    private final int maxTrailers;
    private final int maxTrailerFields;
    private final ChunkExtension extension = new ChunkExtension();
    private State state = State.SIZE;
    private int digits;
    private long left;
    private int dataStart;
    private int dataEnd;
    private @Nullable HeadParser trailerParser;
    private byte[] trailerBytes = {};
    private int trailerLength;
    private boolean hasTrailers;

    /**
     * Creates a decoder.
     *
     * @param maxTrailers the longest trailer section in bytes, including the empty line
     * @param maxTrailerFields the most trailer fields
     */
    public ChunkDecoder(int maxTrailers, int maxTrailerFields) {
        this.maxTrailers = maxTrailers;
        this.maxTrailerFields = maxTrailerFields;
    }

    /**
     * Continues decoding, up to the end of the next range of data, of the body, or of the bytes.
     *
     * @return the position after the last byte read; bytes after the end of the body are never read
     */
    public int decode(byte[] bytes, int from, int to) throws BadMessageException {
        dataStart = from;
        dataEnd = from;
        int at = from;
        while (at < to && state != State.COMPLETE) {
            if (state == State.DATA) {
                return data(at, to);
            }
            at = state == State.TRAILERS ? trailers(bytes, at, to) : framing(bytes[at], at);
        }
        return at;
    }

    /** Returns the start of the range of data of the last call. */
    public int dataStart() {
        return dataStart;
    }

    /** Returns the end of the range of data of the last call; equal to its start if there was no data. */
    public int dataEnd() {
        return dataEnd;
    }

    /** Returns whether the whole body was read, including trailers. */
    public boolean complete() {
        return state == State.COMPLETE;
    }

    /**
     * Returns the trailers of a complete body, until {@link #reset}; null if there were none. They have no first line.
     */
    public @Nullable Head trailers() {
        return hasTrailers && complete() && trailerParser != null ? trailerParser.head() : null;
    }

    /** Prepares the decoder for the next body. */
    public void reset() {
        state = State.SIZE;
        digits = 0;
        left = 0;
        extension.reset();
        if (trailerParser != null) {
            trailerParser.reset();
        }
        trailerLength = 0;
        hasTrailers = false;
    }

    private int data(int at, int to) {
        int run = (int) Math.min(left, to - at);
        dataStart = at;
        dataEnd = at + run;
        left -= run;
        if (left == 0) {
            state = State.DATA_CARRIAGE_RETURN;
        }
        return dataEnd;
    }

    /** Reads one byte of framing; returns the position to continue at. */
    private int framing(byte b, int at) throws BadMessageException {
        switch (state) {
            case SIZE -> size(b);
            case EXTENSION -> {
                if (extension.read(b)) {
                    state = State.SIZE_LINE_FEED;
                }
            }
            case SIZE_LINE_FEED -> {
                expect(b, '\n');
                state = left > 0 ? State.DATA : State.LAST_LINE;
                digits = 0;
            }
            case DATA_CARRIAGE_RETURN -> {
                expect(b, '\r');
                state = State.DATA_LINE_FEED;
            }
            case DATA_LINE_FEED -> {
                expect(b, '\n');
                state = State.SIZE;
            }
            case LAST_LINE -> {
                if (b != '\r') {
                    state = State.TRAILERS;
                    return at;
                }
                state = State.LAST_LINE_FEED;
            }
            case LAST_LINE_FEED -> {
                expect(b, '\n');
                state = State.COMPLETE;
            }
            case DATA, TRAILERS, COMPLETE -> throw new IllegalStateException("no framing in state " + state);
        }
        return at + 1;
    }

    private void size(byte b) throws BadMessageException {
        int digit = Octets.hex(b);
        if (digit >= 0) {
            if (++digits > MAX_DIGITS || left >>> 59 != 0) {
                throw BadMessageException.malformed("a chunk size of more than 2^63 - 1 or " + MAX_DIGITS + " digits");
            }
            left = (left << 4) | digit;
            return;
        }
        if (digits == 0) {
            throw BadMessageException.badByte(b, "a chunk size");
        }
        if (b == '\r') {
            state = State.SIZE_LINE_FEED;
        } else {
            extension.begin();
            state = State.EXTENSION;
            extension.read(b);
        }
    }

    private static void expect(byte b, char expected) throws BadMessageException {
        if (b != expected) {
            throw BadMessageException.badByte(b, "the line end of a chunk");
        }
    }

    /** Collects trailers, whose bytes may arrive in many calls; returns the position to continue at. */
    private int trailers(byte[] bytes, int from, int to) throws BadMessageException {
        if (trailerParser == null) {
            trailerParser = HeadParser.ofTrailers(maxTrailers, maxTrailerFields);
        }
        int before = trailerLength;
        int more = Math.min(to - from, maxTrailers - before);
        if (trailerBytes.length < before + more) {
            trailerBytes = Arrays.copyOf(trailerBytes, Math.min(maxTrailers, Math.max(before + more, 256)));
        }
        System.arraycopy(bytes, from, trailerBytes, before, more);
        trailerLength += more;
        if (!trailerParser.parse(trailerBytes, 0, trailerLength)) {
            return from + more;
        }
        hasTrailers = true;
        state = State.COMPLETE;
        trailerLength = trailerParser.head().end();
        return from + trailerLength - before;
    }
}
