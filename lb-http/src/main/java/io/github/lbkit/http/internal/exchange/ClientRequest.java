package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.Limits;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ConnectionFields;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.HeadParser;
import io.github.lbkit.http.internal.wire.Limit;
import io.github.lbkit.http.internal.wire.body.Framing;
import io.github.lbkit.http.internal.wire.write.ForwardedFields;
import io.github.lbkit.http.internal.wire.write.RequestIds;
import io.github.lbkit.http.internal.wire.write.Via;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.OptionalLong;

/** A request whose head is complete, with the head's bytes for itself until the exchange has ended. */
final class ClientRequest {
    private final HeadParser parser;
    private final Head head;
    private final ForwardedFields forwarded;
    private final HeadView view;
    private final long beganNanos;
    private final boolean toHead;
    private final boolean keepAlive;
    private long framing = Framing.NONE;

    ClientRequest(
            HeadParser parser, ForwardedFields forwarded, RequestIds ids, InetAddress clientAddress, long beganNanos) {
        this.parser = parser;
        this.forwarded = forwarded;
        this.beganNanos = beganNanos;
        head = parser.head();
        head.rebase(Arrays.copyOfRange(head.bytes(), head.start(), head.end()), 0);
        forwarded.id().assign(head, ids);
        view = new HeadView(head, clientAddress, forwarded.id());
        toHead = head.methodIs("HEAD");
        keepAlive = ConnectionFields.keepAlive(head);
    }

    /** Decides how its body is framed and what it expects; refuses what is not clear, and a loop. */
    void check(Via via, Limits limits) throws BadMessageException {
        via.check(head);
        framing = Framing.ofRequest(head);
        OptionalLong longest = limits.requestBody();
        if (longest.isPresent() && framing > longest.getAsLong()) {
            throw Limit.REQUEST_BODY.exceeded(413, longest.getAsLong());
        }
        int expect = head.find(FieldName.EXPECT);
        if (expect >= 0 && !isHttp10() && !(head.valueIs(expect, "100-continue") && hasOne(expect))) {
            throw new BadMessageException(417, "an expectation other than 100-continue");
        }
    }

    private boolean hasOne(int expect) {
        return head.findNext(FieldName.EXPECT, expect + 1) < 0;
    }

    Head head() {
        return head;
    }

    HeadParser parser() {
        return parser;
    }

    ForwardedFields forwarded() {
        return forwarded;
    }

    HeadView view() {
        return view;
    }

    /** When its first byte came. */
    long beganNanos() {
        return beganNanos;
    }

    /** How its body is framed: a length, chunks or not at all. */
    long framing() {
        return framing;
    }

    boolean hasBody() {
        return framing > 0 || framing == Framing.CHUNKED;
    }

    /** Whether its response has no body. */
    boolean toHead() {
        return toHead;
    }

    boolean isHttp10() {
        return head.versionMinor() == 0;
    }

    /** Whether the client keeps its connection open after the response. */
    boolean keepAlive() {
        return keepAlive;
    }

    /** Whether the client waits for a word before it sends the body. */
    boolean expectsContinue() {
        return !isHttp10() && hasBody() && head.find(FieldName.EXPECT) >= 0;
    }

    /** Whether doing it twice is as good as doing it once (RFC 9110 9.2.2). */
    boolean isIdempotent() {
        return head.methodIs("GET")
                || toHead
                || head.methodIs("PUT")
                || head.methodIs("DELETE")
                || head.methodIs("OPTIONS")
                || head.methodIs("TRACE");
    }
}
