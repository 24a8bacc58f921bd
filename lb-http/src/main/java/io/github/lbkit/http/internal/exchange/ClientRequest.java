package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.Limits;
import io.github.lbkit.http.RequestHead;
import io.github.lbkit.http.internal.peer.PeerSecurity;
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

/** A request with a complete head. It owns a copy of the head's bytes. Confined to its loop. */
public final class ClientRequest {
    /**
     * The maximum number of bytes of an unwanted body that are read and dropped, so that the connection can be used for
     * a further request. A longer body ends the connection.
     */
    public static final long MAX_DISCARDED_BODY = 256 * 1024;

    private final HeadParser parser;
    private final Head head;
    private final ForwardedFields forwarded;
    private final HeadView view;
    private final long beganNanos;
    private final boolean isHead;
    private final boolean keepAlive;
    private long framing = Framing.NONE;

    /**
     * Creates a request.
     *
     * @param parser the parser that has read the head, which is not used for another head until the exchange has ended
     * @param clientAddress the address of the client, which may be behind trusted proxies
     * @param security what TLS tells about the client
     * @param beganNanos the time of the first byte, in nanoseconds of the loop's clock
     */
    public ClientRequest(
            HeadParser parser,
            ForwardedFields forwarded,
            RequestIds ids,
            InetAddress clientAddress,
            PeerSecurity security,
            long beganNanos) {
        this.parser = parser;
        this.forwarded = forwarded;
        this.beganNanos = beganNanos;
        head = parser.head();
        head.rebase(Arrays.copyOfRange(head.bytes(), head.start(), head.end()), 0);
        forwarded.id().assign(head, ids);
        view = new HeadView(head, clientAddress, security, forwarded.id());
        isHead = head.methodIs("HEAD");
        keepAlive = ConnectionFields.keepAlive(head);
    }

    /**
     * Checks the head, and determines the framing of the body.
     *
     * @throws BadMessageException if the framing is ambiguous, an expectation is unknown, the body is too long, or the
     *     request has passed this proxy before
     */
    public void check(Via via, Limits limits) throws BadMessageException {
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

    /** Returns the head. */
    public Head head() {
        return head;
    }

    /** Returns the parser that has read the head. */
    public HeadParser parser() {
        return parser;
    }

    /** Returns the forwarding fields that the request gets, its id included. */
    public ForwardedFields forwarded() {
        return forwarded;
    }

    /** Returns the head as application code sees it, valid during the exchange. */
    public RequestHead view() {
        return view;
    }

    /** Returns the head as application code sees it, valid after the exchange and on any thread. */
    RequestHead detachedView() {
        return view.detached();
    }

    /** Returns the time of the first byte, in nanoseconds of the loop's clock. */
    public long beganNanos() {
        return beganNanos;
    }

    /** Returns the framing of the body: its length, {@link Framing#CHUNKED} or {@link Framing#NONE}. */
    public long framing() {
        return framing;
    }

    /** Returns whether the request has a body. */
    public boolean hasBody() {
        return framing > 0 || framing == Framing.CHUNKED;
    }

    /** Returns whether the method is HEAD, so that the response has no body. */
    public boolean isHead() {
        return isHead;
    }

    /** Returns whether the version is HTTP/1.0. */
    public boolean isHttp10() {
        return head.versionMinor() == 0;
    }

    /** Returns whether the client keeps its connection open after the response. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** Returns whether the client waits for an interim response 100 before it sends the body. */
    public boolean expectsContinue() {
        return !isHttp10() && hasBody() && head.find(FieldName.EXPECT) >= 0;
    }

    /** Returns whether the method is idempotent (RFC 9110 9.2.2). */
    boolean isIdempotent() {
        return head.methodIs("GET")
                || isHead
                || head.methodIs("PUT")
                || head.methodIs("DELETE")
                || head.methodIs("OPTIONS")
                || head.methodIs("TRACE");
    }
}
