package io.github.lbkit.http.internal.body;

import io.github.lbkit.http.Limits;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.Limit;
import io.github.lbkit.http.internal.wire.body.Framing;
import org.jspecify.annotations.Nullable;

/** A reader of one body: it removes the framing and passes the data on. Confined to its loop. */
public final class BodyReader {
    private final BodyDecoder decoder;

    /** The maximum number of data bytes. */
    private final long limit;

    private long received;
    private boolean ended;

    private BodyReader(BodyDecoder decoder, long limit) {
        this.decoder = decoder;
        this.limit = limit;
    }

    /** Returns the reader of a request's body in this framing. */
    public static BodyReader ofRequest(long framing, Limits limits) {
        BodyDecoder decoder = new BodyDecoder(framing, limits.requestHead(), limits.requestFields());
        return new BodyReader(decoder, limits.requestBody().orElse(Long.MAX_VALUE));
    }

    /** Returns the reader of a response's body in this framing. */
    public static BodyReader ofResponse(long framing, Limits limits) {
        BodyDecoder decoder = new BodyDecoder(framing, limits.responseHead(), limits.responseFields());
        return new BodyReader(decoder, Long.MAX_VALUE);
    }

    /** Returns the reader of the bytes of a tunnel, which have no framing and no limit. */
    public static BodyReader ofTunnel() {
        return new BodyReader(new BodyDecoder(Framing.TO_CLOSE, 0, 0), Long.MAX_VALUE);
    }

    /**
     * Passes on the bytes of the body that the input has, and the end of the body once it has come. Bytes behind the
     * body stay in the input.
     */
    public void read(Input in, BodySink to) throws BadMessageException {
        while (!decoder.isComplete() && !in.isEmpty()) {
            int next = decoder.decode(in.bytes(), in.from(), in.to());
            int dataStart = decoder.dataStart();
            int dataEnd = decoder.dataEnd();
            if (dataEnd > dataStart) {
                count(dataEnd - dataStart);
                to.data(in.bytes(), dataStart, dataEnd);
            }
            in.consumeTo(next);
        }
        if (decoder.isComplete()) {
            end(to);
        }
    }

    private void count(int bytes) throws BadMessageException {
        if (bytes > limit - received) {
            throw Limit.REQUEST_BODY.exceeded(413, limit);
        }
        received += bytes;
    }

    private void end(BodySink to) {
        if (!ended) {
            ended = true;
            to.end(decoder.trailers());
        }
    }

    /** Drops the bytes of the body that the input has. */
    public void skip(Input in) throws BadMessageException {
        while (!decoder.isComplete() && !in.isEmpty()) {
            int next = decoder.decode(in.bytes(), in.from(), in.to());
            received += decoder.dataEnd() - decoder.dataStart();
            in.consumeTo(next);
        }
    }

    /** Notes that the sender has closed its connection. Returns whether the body is complete by that. */
    public boolean senderClosed(BodySink to) {
        if (!decoder.end()) {
            return false;
        }
        end(to);
        return true;
    }

    /** Returns whether the whole body was read. */
    public boolean isComplete() {
        return decoder.isComplete();
    }

    /** Returns the number of data bytes read so far. */
    public long received() {
        return received;
    }

    /** Returns the number of bytes known to follow; 0 if that number is not known. */
    public long remaining() {
        return decoder.remaining();
    }

    /** Returns the trailer fields of a complete body; null if there are none. */
    public @Nullable Head trailers() {
        return decoder.trailers();
    }
}
