package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.Limits;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.Limit;
import io.github.lbkit.http.internal.wire.body.ChunkEncoder;
import io.github.lbkit.http.internal.wire.body.Framing;
import io.github.lbkit.http.internal.wire.body.Trailers;
import org.jspecify.annotations.Nullable;

/** Takes a body out of one framing and puts it into another, run by run. */
final class BodyRelay {
    private final BodyDecoder decoder;
    private final boolean chunked;
    private final boolean takesTrailers;

    /** The most bytes of data that may go by. */
    private final long longest;

    private long moved;
    private boolean ended;

    private BodyRelay(BodyDecoder decoder, long to, boolean takesTrailers, long longest) {
        this.decoder = decoder;
        this.takesTrailers = takesTrailers;
        this.longest = longest;
        chunked = to == Framing.CHUNKED;
    }

    /** Returns the relay of a request's body, which goes on in the framing that it came in. */
    static BodyRelay ofRequest(long framing, Limits limits) {
        BodyDecoder decoder = new BodyDecoder(framing, limits.requestHead(), limits.requestFields());
        return new BodyRelay(decoder, framing, true, limits.requestBody().orElse(Long.MAX_VALUE));
    }

    /**
     * Returns the relay of a response's body.
     *
     * @param from how it comes
     * @param to how it goes on
     * @param takesTrailers whether its receiver takes trailers; else they are dropped
     */
    static BodyRelay ofResponse(long from, long to, boolean takesTrailers, Limits limits) {
        BodyDecoder decoder = new BodyDecoder(from, limits.responseHead(), limits.responseFields());
        return new BodyRelay(decoder, to, takesTrailers, Long.MAX_VALUE);
    }

    /** Moves all there is of the body, and its end once that has come. */
    void move(Input in, ByteSink out, @Nullable ReplayBuffer replay) throws BadMessageException {
        while (!decoder.isComplete() && !in.isEmpty()) {
            int next = decoder.decode(in.bytes(), in.from(), in.to());
            int from = decoder.dataStart();
            int to = decoder.dataEnd();
            if (to > from) {
                count(to - from);
                put(in.bytes(), from, to, out);
                if (replay != null) {
                    replay.add(in.bytes(), from, to);
                }
            }
            in.take(next);
        }
        if (decoder.isComplete() && !ended) {
            putEnd(out);
        }
    }

    /** Collects all there is of the body, as data alone. */
    void decodeInto(ByteSink collected, Input in) throws BadMessageException {
        while (!decoder.isComplete() && !in.isEmpty()) {
            int next = decoder.decode(in.bytes(), in.from(), in.to());
            count(decoder.dataEnd() - decoder.dataStart());
            collected.put(in.bytes(), decoder.dataStart(), decoder.dataEnd());
            in.take(next);
        }
    }

    private void count(int run) throws BadMessageException {
        if (run > longest - moved) {
            throw Limit.REQUEST_BODY.exceeded(413, longest);
        }
        moved += run;
    }

    /** Reads the body and drops it. */
    void skip(Input in) throws BadMessageException {
        while (!decoder.isComplete() && !in.isEmpty()) {
            int next = decoder.decode(in.bytes(), in.from(), in.to());
            moved += decoder.dataEnd() - decoder.dataStart();
            in.take(next);
        }
    }

    /** Puts the body again from its beginning, as far as it was moved. */
    void repeat(ReplayBuffer replay, ByteSink out) {
        replay.putTo(this, out);
        if (decoder.isComplete()) {
            putEnd(out);
        }
    }

    /** The sender ended its connection; whether the body is complete by that. */
    boolean senderEnded(ByteSink out) {
        if (!decoder.end()) {
            return false;
        }
        if (!ended) {
            putEnd(out);
        }
        return true;
    }

    boolean isComplete() {
        return decoder.isComplete();
    }

    /** How many bytes of data went by. */
    long moved() {
        return moved;
    }

    /** How much is known to be still to come; 0 if that is not known. */
    long left() {
        return decoder.left();
    }

    void put(byte[] bytes, int from, int to, ByteSink out) {
        if (chunked) {
            ChunkEncoder.putChunk(out, bytes, from, to);
        } else {
            out.put(bytes, from, to);
        }
    }

    private void putEnd(ByteSink out) {
        ended = true;
        if (chunked) {
            Head trailers = decoder.trailers();
            if (trailers == null || !takesTrailers) {
                ChunkEncoder.putLastChunk(out);
            } else {
                Trailers.putLastChunk(trailers, out);
            }
        }
    }
}
