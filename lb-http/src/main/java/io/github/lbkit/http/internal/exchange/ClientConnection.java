package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.loop.Connection;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.loop.PlainTransport;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.wire.ByteSink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: its bytes, its deadlines and its end. What the bytes mean is its session's business. Confined
 * to its loop.
 *
 * <p>A client that ends its side while an exchange is under way is taken to be gone, and the exchange ends: clients that
 * half-close and then still read are too rare to keep servers working for all those that left.
 */
final class ClientConnection extends Connection {
    private final Worker worker;
    private final ClientSession session;

    /** For what the client has to do next. */
    private final Timer timer = timer(this::timeOver);

    /** For the whole request; made for the first one if there is such a timeout. */
    private @Nullable Timer requestTimer;

    private final IdleConnections.Link idleLink = new IdleConnections.Link();
    private boolean inUseAtStop;
    private boolean cutByStop;
    private boolean broken;

    private ClientConnection(Worker worker, PlainTransport transport, InetSocketAddress address) {
        super(worker.loop(), transport);
        this.worker = worker;
        session = new ClientSession(worker, this, address.getAddress());
    }

    static ClientConnection open(Worker worker, SocketChannel channel) throws IOException {
        InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
        ClientConnection connection = new ClientConnection(worker, new PlainTransport(channel), remote);
        connection.watch();
        connection.expectWithin(worker.settings().timeouts().idle());
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

    /** Sets the timer to what the client has to do now, if anything. */
    void watchProgress() {
        if (hasUnsent() || session.awaitsBody()) {
            expectWithin(worker.settings().timeouts().bodyProgress());
        } else if (session.isInExchange()) {
            loop().timers().stop(timer);
        }
    }

    /** A request begins to come. */
    void requestBegan() {
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
        if (ended) {
            gone();
            return;
        }
        session.work(in);
        if (!isClosed()) {
            watchProgress();
        }
    }

    @Override
    protected void drained() {
        session.drained();
    }

    @Override
    protected void progressed() {
        watchProgress();
    }

    private void timeOver() {
        if (hasUnsent()) {
            gone();
        } else {
            session.timeOver();
        }
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
            reset();
        } else {
            close();
        }
    }

    private void gone() {
        broken |= session.isInExchange() || hasUnsent();
        close();
    }

    @Override
    protected void broken(Throwable cause) {
        gone();
    }

    @Override
    protected void ended() {
        session.end();
        worker.notIdle(this);
        loop().timers().remove(timer);
        if (requestTimer != null) {
            loop().timers().remove(requestTimer);
        }
        if (cutByStop || (inUseAtStop && !broken)) {
            worker.countStopped(cutByStop);
        }
        worker.clientEnded(this);
    }
}
