package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ResponseMapper;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.ConnectionFields;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.HeadParser;
import io.github.lbkit.http.internal.wire.body.Framing;
import io.github.lbkit.http.internal.wire.body.Trailers;
import io.github.lbkit.http.internal.wire.write.HeadWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Passes a server's response on to the client: interim responses at once, a short one when it is complete, a long one as
 * it comes, a replaced one not at all. One that another server may better is held until its exchange says what becomes of
 * it.
 */
final class ResponseRelay {
    private static final int MAX_INTERIM = 32;
    private static final String EVENT_STREAM = "text/event-stream";
    private static final byte[] HTTP = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

    private final Exchange exchange;
    private final ClientConnection client;
    private final Worker worker;
    private @Nullable HeadParser parser;
    private @Nullable BodyRelay body;
    private @Nullable ByteSink held;
    private @Nullable LocalResponse replacement;

    private final Choice choice;

    /** The latest complete answer that was held while another server was tried; null if there is none. */
    private @Nullable Kept kept;

    private int interim;
    private int status;
    private int headSize;
    private boolean asksToComeBack;

    /** Whether another server may better this response. */
    private boolean mayBeBettered;

    private boolean holding;
    private boolean begun;
    private boolean serverKeeps;
    private boolean clientKeeps;
    private long keptNanos;
    private long silence;
    private boolean stale;

    /** What the exchange decides about a response. */
    interface Choice {
        /** Returns whether the request may be tried elsewhere if the status of the response is one for that. */
        boolean mayTryElsewhere();

        /** Returns whether the response says no more than that the connection was stale. */
        boolean isStale(int status, boolean serverKeeps);

        /** The whole response has been read, and its last bytes have not been written to the client yet. */
        void responseRead();
    }

    private record Kept(ByteSink bytes, int status, long bodyBytes, boolean clientKeeps) {}

    /** What there is to do after some bytes of the response. */
    enum Step {
        /** Wait for the rest. */
        MORE,
        /** The response is complete, and passed on. */
        COMPLETE,
        /** The response is complete and not passed on: another server may better it. */
        HELD,
        /** The response says that the connection was stale: the request is to be sent again on another. */
        STALE,
        /** Nothing: the client is gone, and the exchange has ended by that. */
        CLIENT_GONE
    }

    ResponseRelay(Exchange exchange, Choice choice) {
        this.choice = choice;
        this.exchange = exchange;
        this.client = exchange.client;
        this.worker = exchange.worker;
    }

    /** Takes what the server sent, up to the end of the response. */
    Step received(Input in) throws BadMessageException {
        ByteSink out = worker.sink();
        out.clear();
        BodyRelay current = body;
        if (current == null) {
            current = head(in, out);
            if (client.isClosed()) {
                return Step.CLIENT_GONE;
            }
            if (current == null) {
                return Step.MORE;
            }
            if (stale) {
                return Step.STALE;
            }
            body = current;
        }
        if (replacement != null) {
            current.skip(in);
            return replaceOnceRead(replacement, current);
        }
        current.move(in, out, null);
        return passOn(current, out);
    }

    /** The server ended its side; COMPLETE if that was the end of the response, MORE if something is missing. */
    Step serverEnded() {
        BodyRelay current = body;
        ByteSink out = worker.sink();
        out.clear();
        if (current == null || !current.senderEnded(out)) {
            return Step.MORE;
        }
        return replacement == null ? passOn(current, out) : replaceOnceRead(replacement, current);
    }

    private Step passOn(BodyRelay current, ByteSink out) {
        boolean complete = current.isComplete();
        ByteSink all = out;
        if (holding) {
            all = hold(out);
            boolean fits = all.size() <= headSize + maxHeld();
            if (!complete && fits) {
                return Step.MORE;
            }
            if (mayBeBettered && fits) {
                return Step.HELD;
            }
            holding = false;
        }
        if (!write(all, current)) {
            return Step.CLIENT_GONE;
        }
        return complete ? Step.COMPLETE : Step.MORE;
    }

    private boolean write(ByteSink bytes, BodyRelay current) {
        begun = true;
        if (current.isComplete()) {
            choice.responseRead();
        }
        exchange.answered(status, current.moved());
        return client.write(bytes);
    }

    /** Keeps the held response for the case that no other server gives one; the one before is dropped. */
    void keepHeld() {
        if (held == null || body == null) {
            throw new IllegalStateException("no response is held");
        }
        kept = new Kept(held, status, body.moved(), clientKeeps);
        held = null;
    }

    /** Returns whether a complete answer of a server was kept. */
    boolean hasKept() {
        return kept != null;
    }

    /** Passes the kept answer on; false if the client is gone, and then the exchange has ended. */
    boolean passOnKept() {
        Kept last = kept;
        if (last == null) {
            throw new IllegalStateException("no response was kept");
        }
        begun = true;
        clientKeeps = last.clientKeeps;
        exchange.answered(last.status, last.bodyBytes);
        return client.write(last.bytes);
    }

    /** Returns how many bytes are held. */
    long buffered() {
        return (held == null ? 0L : held.size()) + (kept == null ? 0L : kept.bytes.size());
    }

    /** Returns whether what has come begins as a response of HTTP/1 does. */
    static boolean mayBeHttp(Input in) {
        int length = Math.min(HTTP.length, in.size());
        return Arrays.equals(in.bytes(), in.from(), in.from() + length, HTTP, 0, length);
    }

    /** Puts it behind what is held; a response that came at one go was never copied. */
    private ByteSink hold(ByteSink out) {
        ByteSink all = held;
        if (all == null) {
            if (body != null && body.isComplete() && !mayBeBettered) {
                return out;
            }
            all = new ByteSink(out.size() + (body == null ? 0 : (int) Math.min(body.left(), maxHeld())));
            held = all;
        }
        return all.put(out.array(), 0, out.size());
    }

    private Step replaceOnceRead(LocalResponse response, BodyRelay current) {
        if (!current.isComplete()) {
            if (current.left() <= Exchange.MAX_DISCARDED && current.moved() <= Exchange.MAX_DISCARDED) {
                return Step.MORE;
            }
            serverKeeps = false;
        }
        begun = true;
        choice.responseRead();
        clientKeeps = exchange.mayKeepClient();
        ByteSink out = worker.sink();
        out.clear();
        exchange.answered(response.status(), worker.responses().put(response, exchange.request, clientKeeps, out));
        return client.write(out) ? Step.COMPLETE : Step.CLIENT_GONE;
    }

    /** Reads heads up to a final one; null while that is not complete. */
    private @Nullable BodyRelay head(Input in, ByteSink out) throws BadMessageException {
        HeadParser reading = parser == null ? worker.responseParsers().take() : parser;
        parser = reading;
        while (!in.isEmpty() && reading.parse(in.bytes(), in.from(), in.to())) {
            Head head = reading.head();
            in.take(head.end());
            if (head.status() >= 200) {
                BodyRelay relay = finalHead(head, out);
                giveParserBack();
                return relay;
            }
            interimHead(head, out);
            if (client.isClosed()) {
                return null;
            }
            reading.reset();
        }
        return null;
    }

    private void interimHead(Head head, ByteSink out) throws BadMessageException {
        boolean isContinue = head.status() == 100;
        if (head.status() == 101 || ++interim > MAX_INTERIM) {
            throw new BadMessageException(502, "an interim response that was not asked for");
        }
        if (exchange.request.isHttp10() || (isContinue && exchange.wasContinued())) {
            return;
        }
        if (isContinue) {
            exchange.continuing();
        }
        HeadWriter.writeResponse(head, Framing.NONE, out);
        out.crlf();
        client.write(out);
        out.clear();
    }

    private BodyRelay finalHead(Head head, ByteSink out) throws BadMessageException {
        ClientRequest request = exchange.request;
        status = head.status();
        long framing = Framing.ofResponse(head, request.toHead());
        serverKeeps = ConnectionFields.keepAlive(head)
                && framing != Framing.TO_CLOSE
                && !Framing.announcesForbiddenBody(head);
        stale = choice.isStale(status, serverKeeps);
        keptNanos = serverKeeps ? KeepAliveField.timeoutNanos(head) : 0;
        silence = silence(head);
        replacement = replacement(status);
        long framed = framedFor(request, framing);
        clientKeeps = framed != Framing.TO_CLOSE && exchange.mayKeepClient();
        asksToComeBack = head.find("Retry-After") >= 0;
        mayBeBettered =
                replacement == null && worker.settings().retryStatuses().contains(status) && choice.mayTryElsewhere();
        holding = mayBeBettered ? framing <= maxHeld() : framing > 0 && framing <= maxHeld();
        if (replacement == null) {
            HeadWriter.writeResponse(head, framed, out);
            if (head.find(FieldName.X_REQUEST_ID) < 0) {
                request.forwarded().id().putField(out);
            }
            if (head.find(FieldName.DATE) < 0) {
                worker.responses().putDate(out);
            }
            ResponseWriter.putConnection(request, clientKeeps, out);
            out.crlf();
        }
        headSize = out.size();
        boolean takesTrailers = framed == Framing.CHUNKED && Trailers.areAcceptedBy(request.head());
        return BodyRelay.ofResponse(
                framing, framed, takesTrailers, worker.settings().limits());
    }

    private int maxHeld() {
        return worker.settings().limits().held();
    }

    private static long framedFor(ClientRequest request, long framing) {
        if (framing == Framing.CHUNKED || framing == Framing.TO_CLOSE) {
            return request.isHttp10() ? Framing.TO_CLOSE : Framing.CHUNKED;
        }
        return framing;
    }

    private @Nullable LocalResponse replacement(int status) {
        ResponseMapper mapper = worker.settings().mapper();
        if (mapper == null) {
            return null;
        }
        Optional<LocalResponse> mapped = mapper.map(exchange.request.view(), status);
        return mapped.orElse(null);
    }

    /** Returns how long the server may be silent within the body; -1 for as long as it likes. */
    private long silence(Head head) {
        TimeoutNanos timeouts = worker.settings().timeouts();
        int type = head.find("Content-Type");
        return type >= 0 && head.valueStartsWith(type, EVENT_STREAM)
                ? timeouts.eventStreamSilence().orElse(-1)
                : timeouts.responseSilence();
    }

    /** Returns how long the server may be silent within the body; -1 for as long as it likes. */
    long maySilence() {
        return silence;
    }

    /** Returns for how long the server keeps an unused connection; 0 if it does not say. */
    long keptNanos() {
        return keptNanos;
    }

    /** Back to the beginning, for another server's response. */
    void restart() {
        giveParserBack();
        body = null;
        held = null;
        replacement = null;
        holding = false;
        mayBeBettered = false;
        stale = false;
    }

    /** Gives back what was lent. */
    void giveParserBack() {
        if (parser != null) {
            worker.responseParsers().giveBack(parser);
            parser = null;
        }
    }

    /** Whether a byte of the final response may have gone to the client. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether the final head has come. */
    boolean hasHead() {
        return body != null;
    }

    /** The server's status, once the head has come. */
    int serverStatus() {
        return status;
    }

    /** Whether the final head said when to come back. */
    boolean asksToComeBack() {
        return asksToComeBack;
    }

    /** Whether the server's connection can be used again. */
    boolean serverKeeps() {
        return serverKeeps;
    }

    /** Whether the client's connection can be used again, as the client was told. */
    boolean clientKeeps() {
        return clientKeeps;
    }
}
