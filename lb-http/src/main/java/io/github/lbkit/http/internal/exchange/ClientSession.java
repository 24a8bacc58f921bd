package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a client says on its connection: requests one after the other, each as an exchange; what it sends ahead waits,
 * bounded. Confined to its loop.
 */
final class ClientSession {

    /** A client that still sends after the last answer is read from for windows of this length, each with enough progress. */
    private static final long LINGER_NANOS = 2_000_000_000;

    private static final int LINGER_WINDOWS = 15;

    /** The bytes that a client sends in a window at least: a client that trickles holds no connection. */
    private static final long LINGER_PROGRESS = 16 * 1024;

    private final Worker worker;
    private final ClientConnection client;
    private final InetAddress address;
    private final RequestReader reader;
    private Phase phase = Phase.IDLE;
    private @Nullable Exchange exchange;
    private @Nullable UnwantedBody unwanted;

    /** What was dropped in the current window of lingering, in bytes. */
    private long dropped;

    private int lingerWindows;

    private enum Phase {
        /** Between requests. */
        IDLE,
        /** Part of a head has come. */
        HEAD,
        /** A request is in progress. */
        EXCHANGE,
        /** The request was answered; the rest of its body is read and dropped. */
        DISCARD,
        /** The last response is sent; what comes is dropped, so that the client gets to read it. */
        LINGER
    }

    ClientSession(Worker worker, ClientConnection client, InetAddress address) {
        this.worker = worker;
        this.client = client;
        this.address = address;
        reader = new RequestReader(worker, address);
    }

    boolean isInExchange() {
        return phase == Phase.EXCHANGE;
    }

    /** Returns whether a byte of the final response of the request in progress may have gone out. */
    boolean hasAnswered() {
        Exchange current = exchange;
        return current != null && current.hasAnswered();
    }

    /** Returns whether the last answer is sent, and what still comes is dropped. */
    boolean isLingering() {
        return phase == Phase.LINGER;
    }

    /** What is left to do for a client that has ended its side. */
    enum AtEnd {
        /** Something is to be answered or written. */
        MORE,
        /** Everything is answered and written. */
        DONE,
        /** The request under way will never be complete, or its response would go on for as long as the client listens. */
        INCOMPLETE
    }

    /**
     * Returns what is left to do for a client that has ended its side.
     *
     * @param hasInput whether bytes of the client's are left that were not taken
     */
    AtEnd stateAtEnd(boolean hasInput) {
        Exchange current = exchange;
        if (phase == Phase.EXCHANGE && current != null) {
            boolean incomplete = !hasInput && !current.isBodyComplete();
            return incomplete || current.endsWithClient() ? AtEnd.INCOMPLETE : AtEnd.MORE;
        }
        return client.hasUnsent() ? AtEnd.MORE : AtEnd.DONE;
    }

    /** Whether nothing goes on unless the client sends more of a body. */
    boolean awaitsBody() {
        Exchange current = exchange;
        return phase == Phase.DISCARD || (current != null && current.awaitsClient());
    }

    /** Returns how many bytes of the body of the request have come. */
    long bodyMoved() {
        Exchange current = exchange;
        if (current != null) {
            return current.body == null ? 0 : current.body.moved();
        }
        UnwantedBody rest = unwanted;
        return rest == null ? 0 : rest.moved();
    }

    /** Returns how many bytes the exchange holds for later. */
    long held() {
        Exchange current = exchange;
        return current == null ? 0 : current.buffered();
    }

    /** Works on what the client has sent, as far as that can be done now. */
    void work(Input in) {
        boolean goesOn = true;
        while (goesOn && !client.isClosed()) {
            goesOn = switch (phase) {
                case IDLE, HEAD -> readHead(in);
                case EXCHANGE -> handOn(in);
                case DISCARD -> discard(in);
                case LINGER -> linger(in);
            };
        }
    }

    private boolean readHead(Input in) {
        if (client.hasUnsent()) {
            boundAhead(in); // who does not read its responses gets no more of them made
            return false;
        }
        if (in.isEmpty()) {
            return false;
        }
        try {
            ClientRequest request = reader.read(in);
            if (phase == Phase.IDLE && (request != null || reader.started())) {
                phase = Phase.HEAD;
                worker.notIdle(client);
                client.requestBegan();
                client.expectWithin(worker.settings().timeouts().requestHead());
            }
            if (request == null) {
                return false;
            }
            begin(request, in);
        } catch (BadMessageException e) {
            worker.settings().refusals().request(e, worker.loop().now());
            refuseHead(e.status());
        }
        return true;
    }

    private void begin(ClientRequest request, Input in) {
        phase = Phase.EXCHANGE;
        worker.exchangeBegan();
        try {
            request.check(worker.settings().via(), worker.settings().limits());
            if (worker.buffers().isTight()) {
                refuseForWantOfRoom(request);
                return;
            }
            Exchange begun = Dispatcher.exchange(worker, client, request);
            exchange = begun;
            begun.begin(in);
        } catch (BadMessageException e) {
            exchange = standIn(request);
            refuse(e);
        } catch (Throwable e) { // of an extractor, a policy, a guard or of this project: the request alone fails
            if (phase == Phase.EXCHANGE && exchange == null) {
                exchange = standIn(request);
            }
            crashed(e);
        }
    }

    /** Returns an exchange that only carries the request, for an answer that is given without one. */
    private Exchange standIn(ClientRequest request) {
        return new RefusedExchange(worker, client, request, FailureResponses.of(Ending.INTERNAL_ERROR));
    }

    private void refuseForWantOfRoom(ClientRequest request) {
        exchange = standIn(request);
        worker.settings().explanations().tell(503, Ending.BUFFERS_FULL, request, null, "");
        giveUp(Ending.BUFFERS_FULL, FailureResponses.of(Ending.BUFFERS_FULL));
    }

    /** The exchange under way ends by 500 or by a cut, because something was thrown that concerns it alone. */
    void crashed(Throwable thrown) {
        Exchange current = exchange;
        try {
            worker.settings().explanations().threw(current == null ? null : current.request, thrown);
        } finally { // a log may throw too
            endFor(thrown);
        }
    }

    private void endFor(Throwable thrown) {
        try {
            if (exchange == null) {
                client.cut(); // the exchange was over
            } else {
                giveUp(Ending.INTERNAL_ERROR, FailureResponses.of(Ending.INTERNAL_ERROR));
            }
        } catch (Throwable e) {
            if (e != thrown) {
                thrown.addSuppressed(e);
            }
            client.cut();
        }
    }

    /** Gives the exchange up with this answer, or with none where one has begun; the connection ends. */
    private void giveUp(Ending how, LocalResponse answer) {
        Exchange current = exchange;
        if (current == null) {
            return;
        }
        current.ends(how);
        boolean answered = current.hasAnswered();
        current.abandon();
        if (answered) {
            client.cut();
        } else {
            current.answer(answer, false);
        }
    }

    /** Refuses what the client sends, and ends the connection with that answer, or without where one has begun. */
    void refuse(BadMessageException bad) {
        worker.settings().refusals().request(bad, worker.loop().now());
        giveUp(Ending.BAD_REQUEST, FailureResponses.of(bad.status()));
    }

    private void refuseHead(int status) {
        reader.release();
        ByteSink out = worker.sink();
        out.clear();
        worker.responses().put(FailureResponses.of(status), null, false, out);
        worker.accessLog().refused(address, status, status == 408 ? Ending.HEAD_TIMEOUT : Ending.BAD_REQUEST);
        if (client.write(out)) {
            beginLinger();
        }
    }

    private boolean handOn(Input in) {
        Exchange current = exchange;
        if (current != null) {
            current.clientSent(in);
        }
        if (phase == Phase.EXCHANGE) {
            boundAhead(in);
            return false;
        }
        return true;
    }

    /** What the client sends ahead of its turn is bounded. */
    private void boundAhead(Input in) {
        if (in.size() > worker.settings().limits().pipelined()) {
            client.listen(false);
        }
    }

    /** The exchange has answered, and is over. */
    void exchangeDone(boolean keepAlive) {
        Exchange done = exchange;
        if (done == null) {
            return;
        }
        endExchange(done);
        if (!keepAlive) {
            beginLinger();
        } else if (done.body != null && !done.body.isComplete()) {
            phase = Phase.DISCARD;
            unwanted = new UnwantedBody(done.body);
            client.resume();
        } else {
            beIdle();
        }
    }

    private void endExchange(Exchange done) {
        exchange = null;
        worker.exchangeEnded();
        worker.accessLog().line(done, worker.loop().now());
        worker.requestParsers().giveBack(done.request.parser());
        client.requestEnded();
    }

    private void beIdle() {
        phase = Phase.IDLE;
        if (!client.hasUnsent()) {
            worker.idle(client);
        }
        client.expectWithin(worker.settings().timeouts().clientIdle());
        client.resume();
    }

    private boolean discard(Input in) {
        UnwantedBody rest = unwanted;
        switch (rest == null ? UnwantedBody.State.COMPLETE : rest.drop(in)) {
            case MORE -> {
                return false;
            }
            case COMPLETE -> beIdle();
            case HOPELESS -> beginLinger();
        }
        unwanted = null;
        return true;
    }

    private void beginLinger() {
        phase = Phase.LINGER;
        worker.notIdle(client);
        client.resume();
        if (!client.hasUnsent()) {
            endOutput();
        }
    }

    /**
     * Ends our side, and drops what the client still sends: closing at once would reset the connection, and the client could lose the
     * answer that it has not read yet (RFC 9112 9.6).
     */
    private void endOutput() {
        client.endOutput();
        dropped = 0;
        client.expectWithin(lingerWindow());
    }

    private long lingerWindow() {
        return Math.min(LINGER_NANOS, worker.settings().timeouts().clientIdle());
    }

    private boolean linger(Input in) {
        dropped += in.size();
        in.clear();
        return false;
    }

    private void lingerWindowOver() {
        if (++lingerWindows >= LINGER_WINDOWS || dropped < LINGER_PROGRESS) {
            client.close();
        } else {
            dropped = 0;
            client.expectWithin(lingerWindow());
        }
    }

    /**
     * The proxy stops: an exchange that would go on for as long as it can ends now. A connection whose client was not told
     * of the end stays open for one more request, because that request may be on its way.
     */
    void stop() {
        Exchange current = exchange;
        if (phase == Phase.EXCHANGE && current != null) {
            current.stopping();
        }
    }

    /** The client took everything that was sent to it. */
    void drained() {
        Exchange current = exchange;
        switch (phase) {
            case EXCHANGE -> {
                client.watchProgress();
                if (current != null) {
                    current.clientDrained();
                }
            }
            case LINGER -> endOutput();
            case IDLE -> beIdle();
            case HEAD, DISCARD -> {}
        }
    }

    /** The client did not do in time what it had to do. */
    void timeOver() {
        switch (phase) {
            case HEAD -> refuseHead(408);
            case EXCHANGE -> giveUp(Ending.BODY_TIMEOUT, FailureResponses.of(Ending.BODY_TIMEOUT));
            case IDLE -> {
                if (!client.hasUnsent()) { // who still takes the last response is not idle
                    client.close();
                }
            }
            case LINGER -> lingerWindowOver();
            case DISCARD -> client.close();
        }
    }

    /** The time for the whole request is over. */
    void requestTimeOver() {
        Exchange current = exchange;
        if (current != null) {
            current.deadlineOver();
        } else if (phase == Phase.HEAD) {
            refuseHead(408);
        }
    }

    /** The connection has ended, and with it the exchange that is under way. */
    void end(Ending why) {
        Exchange current = exchange;
        if (current != null) {
            current.ends(why);
            try {
                current.abandon();
            } finally {
                endExchange(current);
            }
        }
        reader.release();
    }
}
