package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.loop.Connection;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.loop.PlainTransport;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.wire.ByteSink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: its bytes, its deadlines and its end. What the bytes mean is its session's business. Confined
 * to its loop.
 *
 * <p>A client that ends its side is answered what it asked for completely before, unless the proxy is told to take such a client for
 * gone. The answer is then what shows whether the client still reads.
 */
final class ClientConnection extends Connection {
    private final Worker worker;
    private final ClientSession session;

    /** For what the client has to send next. */
    private final Timer timer = timer(this::timeOver);

    /** For the client to take what is sent to it; moved by nothing but progress in that direction. */
    private final Timer writeTimer = timer(this::notReading);

    private final BodyClock bodyClock;

    /** For the whole request; made for the first one if there is such a timeout. */
    private @Nullable Timer requestTimer;

    private final IdleConnections.Link idleLink = new IdleConnections.Link();
    private boolean inUseAtStop;
    private boolean cutByStop;
    private boolean broken;

    /** How an exchange ends that is under way when the connection ends. */
    private Ending why = Ending.STOPPED;

    private ClientConnection(Worker worker, PlainTransport transport, InetSocketAddress address) {
        super(worker.loop(), transport);
        this.worker = worker;
        TimeoutNanos timeouts = worker.settings().timeouts();
        bodyClock = new BodyClock(timeouts.requestBody(), timeouts.requestBodyRate());
        session = new ClientSession(worker, this, address.getAddress());
    }

    static ClientConnection open(Worker worker, SocketChannel channel) throws IOException {
        InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
        ClientConnection connection = new ClientConnection(worker, new PlainTransport(channel), remote);
        connection.watch();
        connection.expectWithin(worker.settings().timeouts().clientIdle());
        worker.opened(connection);
        return connection;
    }

    IdleConnections.Link idleLink() {
        return idleLink;
    }

    /** Ends the connection if it is idle; what the client has sent is read first. False if the connection goes on. */
    boolean closeIfIdle() {
        guard(() -> ready(SelectionKey.OP_READ));
        if (idleLink.isIdle()) {
            close();
        }
        return isClosed();
    }

    ClientSession session() {
        return session;
    }

    /** Writes; false if the client is gone, and then the exchange has ended. */
    boolean write(ByteSink out) {
        if (!out.isEmpty() && !send(out.array(), 0, out.size())) {
            gone(Ending.CLIENT_RESET);
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
            settleEnd();
            watchProgress();
        }
    }

    /** Ends the connection, after the event that is being handled, if the client has ended its side and nothing is left to do. */
    void settleEnd() {
        if (isInputEnded()) {
            loop().defer(() -> guard(this::endIfSettled));
        }
    }

    private void endIfSettled() {
        if (!isClosed()) {
            switch (session.stateAtEnd(leftSize() > 0)) {
                case MORE -> {}
                case DONE -> close();
                case INCOMPLETE -> gone(Ending.CLIENT_CLOSED);
            }
        }
    }

    /** Tells the client that nothing more will come. */
    void endOutput() {
        shutdownOutput();
    }

    /** Ends the connection so that the client sees that its response is not whole. */
    void cut() {
        broken = true;
        reset();
    }

    /** The client has so long for what it has to do. */
    void expectWithin(long nanos) {
        loop().timers().set(timer, loop().now() + nanos);
    }

    /** Sets the timers to what the client has to do now, if anything. */
    void watchProgress() {
        if (hasUnsent() && !writeTimer.running()) {
            loop().timers()
                    .set(writeTimer, loop().now() + worker.settings().timeouts().writeStall());
        }
        if (session.awaitsBody() && !isPaused()) {
            expectWithin(bodyClock.awaits(session.bodyMoved(), loop().now()));
        } else if (session.isInExchange()) {
            bodyClock.rests(session.bodyMoved(), loop().now());
            loop().timers().stop(timer);
        }
    }

    /** A request begins to come. */
    void requestBegan() {
        bodyClock.restart();
        worker.settings().timeouts().request().ifPresent(nanos -> {
            Timer over = requestTimer == null ? timer(session::requestTimeOver) : requestTimer;
            requestTimer = over;
            loop().timers().set(over, loop().now() + nanos);
        });
    }

    /** The request is over. */
    void requestEnded() {
        if (requestTimer != null) {
            loop().timers().stop(requestTimer);
        }
    }

    @Override
    protected void received(Input in, boolean ended) {
        if (ended && (hasWriteFailed() || worker.settings().abortOnHalfClose())) {
            gone(hasWriteFailed() ? Ending.CLIENT_RESET : Ending.CLIENT_CLOSED);
            return;
        }
        session.work(in);
        if (!isClosed()) {
            settleEnd();
            if (!session.isLingering()) {
                watchProgress();
            }
        }
    }

    @Override
    protected void drained() {
        loop().timers().stop(writeTimer);
        session.drained();
        settleEnd();
    }

    @Override
    protected void progressed() {
        loop().timers()
                .set(writeTimer, loop().now() + worker.settings().timeouts().writeStall());
    }

    @Override
    protected void readingPaused(boolean now) {
        watchProgress();
    }

    @Override
    protected boolean readsAnyway() {
        return !session.isInExchange(); // new requests are answered 503
    }

    @Override
    protected long heldElsewhere() {
        return session.held();
    }

    private void timeOver() {
        session.timeOver();
    }

    private void notReading() {
        why = Ending.CLIENT_NOT_READING;
        cut();
    }

    /** The proxy stops: the connection ends after the next response that announces its end. */
    void stopSoon() {
        inUseAtStop = session.isInExchange() || hasUnsent();
        session.stop();
    }

    /** The proxy stops: whatever is under way is cut. */
    void stopNow() {
        cutByStop = session.isInExchange() || hasUnsent();
        if (cutByStop) {
            why = Ending.STOPPED;
            reset();
        } else {
            close();
        }
    }

    /** Ends the connection of a client that is gone or does not go on; a response that is under way ends visibly cut. */
    private void gone(Ending how) {
        why = how;
        broken |= session.isInExchange() || hasUnsent();
        if (hasUnsent() || session.hasAnswered()) {
            reset();
        } else {
            close();
        }
    }

    @Override
    protected void broken(Throwable cause) {
        if (cause instanceof IOException || cause instanceof CancelledKeyException) {
            gone(Ending.CLIENT_RESET);
        } else {
            session.crashed(cause);
            close();
        }
    }

    @Override
    protected void ended() {
        try {
            session.end(why);
        } finally {
            left();
        }
    }

    private void left() {
        worker.notIdle(this);
        loop().timers().remove(timer);
        loop().timers().remove(writeTimer);
        if (requestTimer != null) {
            loop().timers().remove(requestTimer);
        }
        if (cutByStop || (inUseAtStop && !broken)) {
            worker.countStopped(cutByStop);
        }
        worker.clientEnded(this);
    }
}
