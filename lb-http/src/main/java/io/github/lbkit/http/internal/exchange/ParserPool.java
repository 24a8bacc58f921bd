package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.Limits;
import io.github.lbkit.http.internal.wire.HeadParser;
import java.util.ArrayDeque;

/** The unused head parsers of one loop, either for requests or for responses. Confined to its loop. */
public final class ParserPool {
    private static final int MAX_UNUSED = 256;

    private final boolean requests;
    private final Limits limits;
    private final ArrayDeque<HeadParser> unused = new ArrayDeque<>();

    private ParserPool(boolean requests, Limits limits) {
        this.requests = requests;
        this.limits = limits;
    }

    /** Returns a pool of parsers for requests. */
    public static ParserPool ofRequests(Limits limits) {
        return new ParserPool(true, limits);
    }

    /** Returns a pool of parsers for responses. */
    public static ParserPool ofResponses(Limits limits) {
        return new ParserPool(false, limits);
    }

    /** Takes a parser that has parsed nothing. */
    public HeadParser take() {
        HeadParser parser = unused.poll();
        return parser != null ? parser : newParser();
    }

    private HeadParser newParser() {
        return requests
                ? new HeadParser(true, limits.requestLine(), limits.requestHead(), limits.requestFields())
                : new HeadParser(false, limits.responseHead(), limits.responseHead(), limits.responseFields());
    }

    /** Gives a parser back, whose head must not be used any more. */
    public void release(HeadParser parser) {
        parser.reset();
        if (unused.size() < MAX_UNUSED) {
            unused.push(parser);
        }
    }
}
