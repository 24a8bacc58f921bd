package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ResponseMapper;
import io.github.lbkit.http.internal.body.BodyReader;
import io.github.lbkit.http.internal.body.BodySink;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ConnectionFields;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.HeadParser;
import io.github.lbkit.http.internal.wire.body.Framing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The way of a server's response to the client. Interim responses are passed on at once, a short response when it is
 * complete, a long one as it comes. A replaced response is read and dropped. A response with a retry status is held
 * until the exchange decides about it. Confined to its loop.
 */
final class ResponseRelay implements BodySink {
    private static final int MAX_INTERIM = 32;
    private static final String EVENT_STREAM = "text/event-stream";
    private static final byte[] HTTP = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

    private final Exchange exchange;
    private final ClientStream stream;
    private final ForwardingSettings settings;
    private final ParserPool parsers;
    private final Decisions decisions;

    /** The protocols that the request asks to switch to; null if it asks for none. */
    private final @Nullable Upgrade upgrade;

    private @Nullable HeadParser parser;
    private @Nullable BodyReader body;

    /** The response while it is held back; null if it is passed on as it comes. */
    private @Nullable HeldResponse held;

    /** The latest complete response that was held while another server was tried; null if there is none. */
    private @Nullable HeldResponse kept;

    private @Nullable LocalResponse replacement;
    private int interimCount;
    private int status;
    private boolean hasRetryAfter;

    /** True if the status is a retry status and the request may be sent to another server. */
    private boolean retryable;

    private boolean begun;
    private boolean serverKeepsAlive;
    private long keepAliveNanos;
    private long silenceNanos;
    private boolean stale;

    /** The step after a response 101; null while there is none. */
    private @Nullable Step switching;

    /** The decisions of the exchange about a response. */
    interface Decisions {
        /** Returns whether the request may be sent to another server if the status is a retry status. */
        boolean mayTryElsewhere();

        /** Returns whether the response only means that the server had given up an unused connection. */
        boolean isStale(int status, boolean serverKeepsAlive);

        /** Handles that the whole response was read, before its last bytes are sent to the client. */
        void responseRead();
    }

    /** The next step after bytes of the response were handled. */
    enum Step {
        /** Wait for the rest of the response. */
        MORE,
        /** The response is complete and was passed on. */
        COMPLETE,
        /** The response is complete and held: another server may be tried. */
        HELD,
        /** The connection was stale: the request must be sent again on another connection. */
        STALE,
        /** The server has switched protocols, and the client was informed. Bytes of the tunnel may follow. */
        SWITCHED,
        /** The server has switched to a protocol that was not asked for. */
        WRONG_SWITCH,
        /** None: the client is gone, and the exchange has ended. */
        CLIENT_GONE
    }

    ResponseRelay(
            Exchange exchange,
            ForwardingSettings settings,
            ParserPool parsers,
            Decisions decisions,
            @Nullable Upgrade upgrade) {
        this.exchange = exchange;
        this.stream = exchange.stream;
        this.settings = settings;
        this.parsers = parsers;
        this.decisions = decisions;
        this.upgrade = upgrade;
    }

    /** Handles bytes of the server. Bytes behind the response stay in the input. */
    Step received(Input in) throws BadMessageException {
        BodyReader current = body;
        if (current == null) {
            current = readHeads(in);
            if (stream.isClosed()) {
                return Step.CLIENT_GONE;
            }
            if (current == null) {
                return switching == null ? Step.MORE : switching;
            }
            if (stale) {
                return Step.STALE;
            }
            body = current;
        }
        if (replacement != null) {
            current.skip(in);
            return replaceWhenRead(replacement, current);
        }
        current.read(in, this);
        return passOn(current);
    }

    /** Handles the orderly end of the server's side. Returns MORE if the response is incomplete. */
    Step serverClosed() {
        BodyReader current = body;
        if (current == null || !current.senderClosed(this)) {
            return Step.MORE;
        }
        return replacement == null ? passOn(current) : replaceWhenRead(replacement, current);
    }

    @Override
    public void data(byte[] bytes, int from, int to) {
        BodySink sink = held == null ? stream : held;
        sink.data(bytes, from, to);
    }

    @Override
    public void end(@Nullable Head trailers) {
        if (replacement == null) {
            BodySink sink = held == null ? stream : held;
            sink.end(trailers);
        }
    }

    private Step passOn(BodyReader current) {
        boolean complete = current.isComplete();
        HeldResponse holding = held;
        if (holding != null) {
            boolean fits = holding.bodySize() <= settings.limits().held();
            if (!complete && fits) {
                return Step.MORE;
            }
            if (retryable && fits) {
                return Step.HELD;
            }
            holding.putTo(stream);
            holding.release(parsers);
            held = null;
        }
        begun = true;
        if (complete) {
            decisions.responseRead();
        }
        exchange.responded(status, current.received());
        if (!stream.flush()) {
            return Step.CLIENT_GONE;
        }
        return complete ? Step.COMPLETE : Step.MORE;
    }

    /** Keeps the held response in case no other server responds. An earlier kept response is dropped. */
    void keepHeld() {
        if (held == null) {
            throw new IllegalStateException("no response is held");
        }
        if (kept != null) {
            kept.release(parsers);
        }
        kept = held;
        held = null;
    }

    /** Returns whether a complete response was kept. */
    boolean hasKept() {
        return kept != null;
    }

    /** Sends the kept response. Returns false if the client is gone; then the exchange has ended. */
    boolean sendKept() {
        HeldResponse last = kept;
        if (last == null) {
            throw new IllegalStateException("no response was kept");
        }
        begun = true;
        exchange.responded(last.status(), last.bodySize());
        last.putTo(stream);
        return stream.flush();
    }

    /** Returns the number of bytes held. */
    long buffered() {
        return (held == null ? 0L : held.size()) + (kept == null ? 0L : kept.size());
    }

    /** Returns whether the input begins as a response of HTTP/1 does. */
    static boolean mayBeHttp(Input in) {
        int length = Math.min(HTTP.length, in.size());
        return Arrays.equals(in.bytes(), in.from(), in.from() + length, HTTP, 0, length);
    }

    private Step replaceWhenRead(LocalResponse response, BodyReader current) {
        if (!current.isComplete()) {
            if (Math.max(current.remaining(), current.received()) <= ClientRequest.MAX_DISCARDED_BODY) {
                return Step.MORE;
            }
            serverKeepsAlive = false;
        }
        begun = true;
        decisions.responseRead();
        exchange.responded(response.status(), stream.putResponse(response));
        return stream.flush() ? Step.COMPLETE : Step.CLIENT_GONE;
    }

    /** Reads heads up to a final head. Returns null while that is incomplete. */
    private @Nullable BodyReader readHeads(Input in) throws BadMessageException {
        HeadParser reading = parser == null ? parsers.take() : parser;
        parser = reading;
        while (!in.isEmpty() && reading.parse(in.bytes(), in.from(), in.to())) {
            Head head = reading.head();
            in.consumeTo(head.end());
            if (head.status() >= 200) {
                return finalHead(reading, in.size());
            }
            if (head.status() == 101) {
                switching = switchProtocols(head);
                return null;
            }
            if (++interimCount > MAX_INTERIM) {
                throw new BadMessageException(502, "more than " + MAX_INTERIM + " interim responses");
            }
            stream.sendInterim(head);
            if (stream.isClosed()) {
                return null;
            }
            reading.reset();
        }
        return null;
    }

    /** Passes a response 101 on, if the request asked for its protocols. */
    private Step switchProtocols(Head head) {
        if (upgrade == null || !upgrade.allows(head)) {
            return Step.WRONG_SWITCH;
        }
        begun = true;
        exchange.responded(head.status(), 0);
        stream.putSwitch(head);
        return stream.flush() ? Step.SWITCHED : Step.CLIENT_GONE;
    }

    /** Decides about a response by its final head, and puts or holds the head. */
    private BodyReader finalHead(HeadParser reading, int available) throws BadMessageException {
        Head head = reading.head();
        status = head.status();
        long framing = Framing.ofResponse(head, exchange.request.isHead());
        serverKeepsAlive = ConnectionFields.keepAlive(head)
                && framing != Framing.TO_CLOSE
                && !Framing.announcesForbiddenBody(head);
        stale = decisions.isStale(status, serverKeepsAlive);
        keepAliveNanos = serverKeepsAlive ? KeepAliveField.timeoutNanos(head) : 0;
        silenceNanos = silenceNanos(head);
        replacement = replacement(status);
        hasRetryAfter = head.find("Retry-After") >= 0;
        retryable = replacement == null && settings.retryStatuses().contains(status) && decisions.mayTryElsewhere();
        BodyReader reader = BodyReader.ofResponse(framing, settings.limits());
        if (stale || replacement != null) {
            releaseParser();
        } else if (isHeld(framing, available)) {
            int capacity = (int) Math.min(
                    framing >= 0 ? framing : available, settings.limits().held());
            held = new HeldResponse(reading, framing, capacity);
            parser = null;
        } else {
            stream.putHead(head, framing);
            releaseParser();
        }
        return reader;
    }

    /** Returns whether a response is held: it may be retried, or it is short and incomplete. */
    private boolean isHeld(long framing, int available) {
        return framing <= settings.limits().held() && (retryable || framing > available);
    }

    private @Nullable LocalResponse replacement(int serverStatus) {
        ResponseMapper mapper = settings.mapper();
        if (mapper == null) {
            return null;
        }
        Optional<LocalResponse> mapped = mapper.map(exchange.request.view(), serverStatus);
        return mapped.orElse(null);
    }

    private long silenceNanos(Head head) {
        int type = head.find("Content-Type");
        return type >= 0 && head.valueStartsWith(type, EVENT_STREAM)
                ? settings.timeouts().eventStreamSilence().orElse(-1)
                : settings.timeouts().responseSilence();
    }

    /** Returns the time for which the server may send no byte of the body, in nanoseconds; -1 for any time. */
    long silenceNanos() {
        return silenceNanos;
    }

    /** Returns the time for which the server keeps an unused connection, in nanoseconds; 0 if it is not known. */
    long keepAliveNanos() {
        return keepAliveNanos;
    }

    /** Resets the relay for the response of another attempt. */
    void restart() {
        stream.discard();
        releaseParser();
        body = null;
        if (held != null) {
            held.release(parsers);
            held = null;
        }
        replacement = null;
        retryable = false;
        stale = false;
        switching = null;
    }

    /** Gives the parser of an incomplete head back. */
    void releaseParser() {
        if (parser != null) {
            parsers.release(parser);
            parser = null;
        }
    }

    /** Returns whether a byte of the final response may have been sent to the client. */
    boolean hasBegun() {
        return begun;
    }

    /** Returns whether the final head was received. */
    boolean hasHead() {
        return body != null;
    }

    /** Returns the status of the server, once the head was received. */
    int serverStatus() {
        return status;
    }

    /** Returns whether the final head has a {@code Retry-After} field. */
    boolean hasRetryAfter() {
        return hasRetryAfter;
    }

    /** Returns whether the connection to the server can be used for another request. */
    boolean serverKeepsAlive() {
        return serverKeepsAlive;
    }
}
