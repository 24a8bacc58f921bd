package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client says on its connection: requests one after the other, each as an exchange; what it sends ahead waits,
 * bounded. Confined to its loop.
 */
final class ClientSession {
    private static final Logger LOG = LoggerFactory.getLogger(ClientSession.class);
    private static final long LINGER_NANOS = 2_000_000_000;

    private final Worker worker;
    private final ClientConnection client;
    private final InetAddress address;
    private final RequestReader reader;
    private Phase phase = Phase.IDLE;
    private @Nullable Exchange exchange;
    private @Nullable UnwantedBody unwanted;

    /** How much more is dropped while lingering. */
    private long droppable;

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

    /** Whether nothing goes on unless the client sends more of a body. */
    boolean awaitsBody() {
        Exchange current = exchange;
        return phase == Phase.DISCARD || (current != null && current.awaitsClient());
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
                client.expectWithin(worker.settings().timeouts().head());
            }
            if (request == null) {
                return false;
            }
            begin(request, in);
        } catch (BadMessageException e) {
            LOG.debug("refused with {}: {}", e.status(), e.reason());
            refuseHead(e.status());
        }
        return true;
    }

    private void begin(ClientRequest request, Input in) {
        phase = Phase.EXCHANGE;
        worker.exchangeBegan();
        try {
            request.check();
            Exchange begun = Dispatcher.exchange(worker, client, request);
            exchange = begun;
            begun.begin(in);
        } catch (BadMessageException e) {
            exchange = new RefusedExchange(worker, client, request);
            refuse(e);
        } catch (RuntimeException e) {
            LOG.error("a request failed before it was sent anywhere", e);
            failed(request);
        }
    }

    private void failed(ClientRequest request) {
        if (phase != Phase.EXCHANGE) {
            client.cut(); // it was answered, and failed after that
            return;
        }
        if (exchange == null) {
            exchange = new RefusedExchange(worker, client, request);
        }
        giveUp(FailureResponses.INTERNAL_ERROR);
    }

    /** Gives the exchange up with this answer, or with none where one has begun; the connection ends. */
    private void giveUp(LocalResponse answer) {
        Exchange current = exchange;
        if (current == null) {
            return;
        }
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
        LOG.debug("refused with {}: {}", bad.status(), bad.reason());
        giveUp(FailureResponses.of(bad.status()));
    }

    private void refuseHead(int status) {
        reader.release();
        ByteSink out = worker.sink();
        out.clear();
        worker.responses().put(FailureResponses.of(status), null, false, out);
        worker.accessLog().refused(address, status);
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
        client.expectWithin(worker.settings().timeouts().idle());
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
        droppable = Exchange.MAX_DISCARDED;
        client.resume();
        if (!client.hasUnsent()) {
            endOutput();
        }
    }

    private void endOutput() {
        client.endOutput();
        client.expectWithin(Math.min(LINGER_NANOS, worker.settings().timeouts().idle()));
    }

    private boolean linger(Input in) {
        droppable -= in.size();
        in.clear();
        if (droppable < 0) {
            if (client.hasUnsent()) {
                client.listen(false);
            } else {
                client.close();
            }
        }
        return false;
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
            case LINGER -> {
                if (droppable < 0) {
                    client.close();
                } else {
                    endOutput();
                }
            }
            case IDLE -> beIdle();
            case HEAD, DISCARD -> {}
        }
    }

    /** The client did not do in time what it had to do. */
    void timeOver() {
        switch (phase) {
            case HEAD -> refuseHead(408);
            case EXCHANGE -> giveUp(FailureResponses.REQUEST_TIMEOUT);
            case IDLE, DISCARD, LINGER -> client.close();
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

    /** The connection has ended. */
    void end() {
        Exchange current = exchange;
        if (current != null) {
            current.abandon();
            endExchange(current);
        }
        reader.release();
    }
}
