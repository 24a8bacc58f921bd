package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.Limits;
import io.github.lbkit.http.internal.wire.HeadParser;
import java.util.ArrayDeque;

/** A loop's parsers of one kind, lent to who has bytes to parse, so that an idle connection has none. */
final class ParserPool {
    private static final int KEPT = 256;

    private final boolean requests;
    private final Limits limits;
    private final ArrayDeque<HeadParser> free = new ArrayDeque<>();

    ParserPool(boolean requests, Limits limits) {
        this.requests = requests;
        this.limits = limits;
    }

    HeadParser take() {
        HeadParser parser = free.poll();
        return parser != null ? parser : made();
    }

    private HeadParser made() {
        return requests
                ? new HeadParser(true, limits.requestLine(), limits.requestHead(), limits.requestFields())
                : new HeadParser(false, limits.responseHead(), limits.responseHead(), limits.responseFields());
    }

    void giveBack(HeadParser parser) {
        parser.reset();
        if (free.size() < KEPT) {
            free.push(parser);
        }
    }
}
