package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.Limits;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.ChunkEncoder;
import io.github.lbkit.http.internal.wire.Framing;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.Trailers;
import org.jspecify.annotations.Nullable;

/** Takes a body out of one framing and puts it into another, run by run. */
final class BodyRelay {
    private final BodyDecoder decoder;
    private final boolean chunked;
    private final boolean takesTrailers;
    private long moved;
    private boolean ended;

    /**
     * A body at its beginning.
     *
     * @param from how it comes
     * @param to how it goes on
     * @param takesTrailers whether its receiver takes trailers; else they are dropped
     */
    BodyRelay(long from, long to, boolean takesTrailers, Limits limits) {
        this.takesTrailers = takesTrailers;
        decoder = new BodyDecoder(from, limits);
        chunked = to == Framing.CHUNKED;
    }

    /** Moves all there is of the body, and its end once that has come. */
    void move(Input in, ByteSink out, @Nullable ReplayBuffer replay) throws BadMessageException {
        while (!decoder.isComplete() && !in.isEmpty()) {
            int next = decoder.decode(in.bytes(), in.from(), in.to());
            int from = decoder.dataStart();
            int to = decoder.dataEnd();
            if (to > from) {
                put(in.bytes(), from, to, out);
                moved += to - from;
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
            collected.put(in.bytes(), decoder.dataStart(), decoder.dataEnd());
            moved += decoder.dataEnd() - decoder.dataStart();
            in.take(next);
        }
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
