package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.loop.Connection;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.loop.PlainTransport;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: requests one after the other, each as an exchange; what it sends ahead waits, bounded.
 * Confined to its loop.
 *
 * <p>A client that ends its side while an exchange is under way is taken to be gone, and the exchange ends: clients that
 * half-close and then still read are too rare to keep servers working for all those that left.
 */
final class ClientConnection extends Connection {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final long LINGER_NANOS = 2_000_000_000;

    private final Worker worker;
    private final InetAddress address;
    private final RequestReader reader;
    private final Timer timer = timer(this::timeOver);
    private @Nullable Timer deadline;
    private Phase phase = Phase.IDLE;
    private @Nullable Exchange exchange;
    private @Nullable UnwantedBody unwanted;

    /** How much more is dropped while lingering. */
    private long droppable;

    private boolean inUseAtStop;
    private boolean unanswered;
    private boolean cutByStop;

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

    private ClientConnection(Worker worker, PlainTransport transport, InetAddress address) {
        super(worker.loop(), transport);
        this.worker = worker;
        this.address = address;
        reader = new RequestReader(worker, address);
    }

    static ClientConnection open(Worker worker, SocketChannel channel) throws IOException {
        InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
        ClientConnection connection = new ClientConnection(worker, new PlainTransport(channel), remote.getAddress());
        connection.watch();
        connection.expectWithin(worker.settings().timeouts().idle());
        return connection;
    }

    /** Writes; false if the client is gone, and then the exchange has ended. */
    boolean write(ByteSink out) {
        if (!out.isEmpty() && !send(out.array(), 0, out.size())) {
            gone();
        }
        if (isClosed()) {
            return false;
        }
        watchProgress();
        return true;
    }

    /** A timer that goes with this connection. */
    Timer newTimer(Runnable action) {
        return timer(action);
    }

    /** Stops or resumes to read. */
    void listen(boolean wanted) {
        wantInput(wanted);
    }

    /** Takes up again what was left, after the event that is being handled. */
    void resume() {
        if (!isClosed()) {
            wantInput(true);
            deferAgain();
            watchProgress();
        }
    }

    @Override
    protected void received(Input in, boolean ended) {
        if (ended) {
            gone();
            return;
        }
        work(in);
        if (!isClosed()) {
            watchProgress();
        }
    }

    private void work(Input in) {
        while (!isClosed()) {
            switch (phase) {
                case IDLE, HEAD -> {
                    if (hasUnsent()) {
                        boundAhead(in); // who does not read its responses gets no more of them made
                        return;
                    }
                    if (in.isEmpty() || !readHead(in)) {
                        return;
                    }
                }
                case EXCHANGE -> {
                    Exchange current = exchange;
                    if (current != null) {
                        current.clientSent(in);
                    }
                    if (phase == Phase.EXCHANGE) {
                        boundAhead(in);
                        return;
                    }
                }
                case DISCARD -> {
                    if (!discard(in)) {
                        return;
                    }
                }
                case LINGER -> {
                    linger(in);
                    return;
                }
            }
        }
    }

    private boolean readHead(Input in) {
        ClientRequest request;
        try {
            request = reader.read(in);
        } catch (BadMessageException e) {
            LOG.debug("refused with {}: {}", e.status(), e.reason());
            refuseHead(e.status());
            return true;
        }
        if (phase == Phase.IDLE && (request != null || reader.started())) {
            beginHead();
        }
        if (request == null) {
            return false;
        }
        begin(request, in);
        return true;
    }

    private void beginHead() {
        phase = Phase.HEAD;
        expectWithin(worker.settings().timeouts().head());
        worker.settings().timeouts().request().ifPresent(nanos -> {
            Timer over = deadline == null ? timer(this::deadlineOver) : deadline;
            deadline = over;
            loop().timers().set(over, loop().now() + nanos);
        });
    }

    private void begin(ClientRequest request, Input in) {
        phase = Phase.EXCHANGE;
        loop().timers().stop(timer);
        worker.exchangeBegan();
        Exchange begun = new RefusedExchange(worker, this, request);
        try {
            request.check();
            begun = Dispatcher.exchange(worker, this, request);
            exchange = begun;
            begun.begin(in);
        } catch (BadMessageException e) {
            exchange = begun;
            refuse(e);
        } catch (RuntimeException e) {
            exchange = begun;
            failed(e, begun);
        }
    }

    /** Something of the caller's own, such as a key extractor or a guard, threw. */
    private void failed(RuntimeException cause, Exchange failed) {
        LOG.error("a request failed before it was sent anywhere", cause);
        endWith(FailureResponses.INTERNAL_ERROR, failed);
    }

    /** Gives an exchange up with this answer, or with none where one has begun; the connection ends. */
    private void endWith(LocalResponse answer, Exchange current) {
        boolean answered = current.hasAnswered();
        current.abandon();
        if (answered) {
            cut();
        } else {
            current.answer(answer, false);
        }
    }

    /** Refuses what the client sends, and ends the connection with that answer, or without where one has begun. */
    void refuse(BadMessageException bad) {
        LOG.debug("refused with {}: {}", bad.status(), bad.reason());
        Exchange current = exchange;
        if (current != null) {
            endWith(FailureResponses.of(bad.status()), current);
        }
    }

    private void refuseHead(int status) {
        reader.release();
        ByteSink out = worker.sink();
        out.clear();
        worker.responses().put(FailureResponses.of(status), null, false, out);
        worker.accessLog().refused(address, status);
        if (write(out)) {
            beginLinger();
        }
    }

    /** The exchange has answered, and is over. */
    void exchangeDone(boolean keepAlive) {
        Exchange done = exchange;
        if (done == null) {
            return;
        }
        endExchange(done);
        wantInput(true);
        if (!keepAlive || worker.isStopping()) {
            beginLinger();
        } else if (done.body != null && !done.body.isComplete()) {
            phase = Phase.DISCARD;
            unwanted = new UnwantedBody(done.body);
            expectWithin(worker.settings().timeouts().bodyProgress());
            deferAgain();
        } else {
            beIdle();
        }
    }

    private void beIdle() {
        phase = Phase.IDLE;
        if (hasUnsent()) {
            watchProgress();
        } else {
            expectWithin(worker.settings().timeouts().idle());
        }
        deferAgain();
    }

    private void endExchange(Exchange done) {
        exchange = null;
        worker.exchangeEnded();
        worker.accessLog().line(done, loop().now());
        worker.requestParsers().giveBack(done.request.parser());
        if (deadline != null) {
            loop().timers().stop(deadline);
        }
    }

    /** Ends the connection so that the client sees that its response is not whole. */
    void cut() {
        unanswered = true;
        reset();
    }

    /** What the client sends ahead of its turn is bounded. */
    private void boundAhead(Input in) {
        if (in.size() > worker.settings().limits().pipelined()) {
            wantInput(false);
        }
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
        droppable = Exchange.MAX_DISCARDED;
        if (!hasUnsent()) {
            endOutput();
        }
        deferAgain();
    }

    private void endOutput() {
        shutdownOutput();
        expectWithin(Math.min(LINGER_NANOS, worker.settings().timeouts().idle()));
    }

    private void linger(Input in) {
        droppable -= in.size();
        in.clear();
        if (droppable < 0) {
            if (hasUnsent()) {
                wantInput(false);
            } else {
                close();
            }
        }
    }

    @Override
    protected void drained() {
        Exchange current = exchange;
        switch (phase) {
            case EXCHANGE -> {
                watchProgress();
                if (current != null) {
                    current.clientDrained();
                }
            }
            case LINGER -> {
                if (droppable < 0) {
                    close();
                } else {
                    endOutput();
                }
            }
            case IDLE -> {
                wantInput(true);
                beIdle();
            }
            case HEAD, DISCARD -> {}
        }
    }

    @Override
    protected void progressed() {
        watchProgress();
    }

    /** Sets the timer to what the client has to do now, if anything. */
    private void watchProgress() {
        Exchange current = exchange;
        if (hasUnsent() || phase == Phase.DISCARD || (current != null && current.awaitsClient())) {
            expectWithin(worker.settings().timeouts().bodyProgress());
        } else if (phase == Phase.EXCHANGE) {
            loop().timers().stop(timer);
        }
    }

    private void expectWithin(long nanos) {
        loop().timers().set(timer, loop().now() + nanos);
    }

    private void timeOver() {
        Exchange current = exchange;
        if (hasUnsent()) {
            unanswered = true;
            gone();
        } else if (phase == Phase.HEAD) {
            refuseHead(408);
        } else if (phase == Phase.EXCHANGE && current != null) {
            endWith(FailureResponses.REQUEST_TIMEOUT, current);
        } else {
            close();
        }
    }

    private void deadlineOver() {
        Exchange current = exchange;
        if (current != null) {
            current.deadlineOver();
        } else if (phase == Phase.HEAD) {
            refuseHead(408);
        }
    }

    /** The proxy stops: an idle connection ends now, another with its response. */
    void stopSoon() {
        inUseAtStop = phase == Phase.EXCHANGE || hasUnsent();
        if (phase == Phase.IDLE && !hasUnsent()) {
            close();
        }
    }

    /** The proxy stops: whatever is under way is cut. */
    void stopNow() {
        cutByStop = phase == Phase.EXCHANGE || hasUnsent();
        if (cutByStop) {
            reset();
        } else {
            close();
        }
    }

    private void gone() {
        unanswered |= exchange != null || hasUnsent();
        close();
    }

    @Override
    protected void connected(@Nullable IOException failure) {
        throw new IllegalStateException("a client's connection is made by the client");
    }

    @Override
    protected void broken(Throwable cause) {
        gone();
    }

    @Override
    protected void ended() {
        Exchange current = exchange;
        if (current != null) {
            current.abandon();
            endExchange(current);
        }
        reader.release();
        loop().timers().remove(timer);
        if (deadline != null) {
            loop().timers().remove(deadline);
        }
        if (cutByStop || (inUseAtStop && !unanswered)) {
            worker.countStopped(cutByStop);
        }
        worker.clientEnded(this);
    }
}
