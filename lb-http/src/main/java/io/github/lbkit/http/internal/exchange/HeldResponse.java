package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.body.BodySink;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.HeadParser;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A server's response that is held back: its head and the part of its body received so far. Confined to its loop. */
final class HeldResponse implements BodySink {
    private final HeadParser parser;
    private final long framing;
    private final ByteSink data;
    private boolean ended;
    private @Nullable Head trailers;

    /**
     * Creates a held response without a body.
     *
     * @param parser the parser of the head, which is not used for another head until {@link #release}
     * @param capacity the expected length of the body in bytes
     */
    HeldResponse(HeadParser parser, long framing, int capacity) {
        this.parser = parser;
        this.framing = framing;
        data = new ByteSink(capacity);
        Head head = parser.head();
        head.rebase(Arrays.copyOfRange(head.bytes(), head.start(), head.end()), 0);
    }

    @Override
    public void data(byte[] bytes, int from, int to) {
        data.put(bytes, from, to);
    }

    @Override
    public void end(@Nullable Head lastFields) {
        ended = true;
        trailers = lastFields;
    }

    /** Returns the status of the response. */
    int status() {
        return parser.head().status();
    }

    /** Returns the number of bytes of the body received so far. */
    int bodySize() {
        return data.size();
    }

    /** Returns the number of bytes held. */
    int size() {
        return parser.head().end() - parser.head().start() + data.size();
    }

    /** Puts the response, as far as it was received. */
    void putTo(ClientStream stream) {
        stream.putHead(parser.head(), framing);
        if (!data.isEmpty()) {
            stream.data(data.array(), 0, data.size());
        }
        if (ended) {
            stream.end(trailers);
        }
    }

    /** Gives the parser back. The response must not be used any more. */
    void release(ParserPool parsers) {
        parsers.release(parser);
    }
}
