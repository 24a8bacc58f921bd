package io.github.lbkit.http.internal.h1;

import io.github.lbkit.http.internal.admission.ClientConnections;
import io.github.lbkit.http.internal.admission.IdleConnections;
import io.github.lbkit.http.internal.admission.TrackedConnection;
import io.github.lbkit.http.internal.exchange.TimeoutNanos;
import io.github.lbkit.http.internal.loop.Connection;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.outcome.Ending;
import io.github.lbkit.http.internal.transport.Transport;
import io.github.lbkit.http.internal.upstream.ProxiedClient;
import io.github.lbkit.http.internal.wire.ByteSink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one HTTP/1.1 client: its bytes, its deadlines and its end. {@link Http1Session} handles the
 * protocol. Confined to its loop.
 *
 * <p>A client that half-closes gets the responses to its complete requests, unless the settings count such a client as
 * gone. Writing the response shows whether the client still reads.
 */
public final class Http1Connection extends Connection implements TrackedConnection {
    private final Http1Settings settings;
    private final ClientConnections connections;
    private final Http1Session session;

    /** The deadline of the input that the client has to send next. */
    private final Timer timer = timer(this::timedOut);

    /** The deadline of the client to read output. Only progress in that direction moves it. */
    private final Timer writeTimer = timer(this::writeTimedOut);

    private final BodyTimeout bodyTimeout;

    /** The client as servers learn it from a PROXY header; null if they do not. */
    private final @Nullable ProxiedClient proxied;

    /** The deadline of the whole request. Created with the first request, if there is such a timeout. */
    private @Nullable Timer requestTimer;

    private final IdleConnections.Link idleLink = new IdleConnections.Link();
    private boolean inUseAtStop;
    private boolean cutByStop;
    private boolean broken;

    /** True while the timer is that of the handshake, and of a first request behind it. */
    private boolean handshakeTimed;

    /** The ending of the exchange in progress when the connection ends. */
    private Ending ending = Ending.STOPPED;

    private Http1Connection(
            Http1Context context,
            ClientConnections connections,
            Transport transport,
            InetSocketAddress peer,
            @Nullable ProxiedClient proxied) {
        super(context.loop(), transport);
        this.proxied = proxied;
        this.settings = context.settings();
        this.connections = connections;
        TimeoutNanos timeouts = settings.timeouts();
        bodyTimeout = new BodyTimeout(timeouts.requestBody(), timeouts.requestBodyRate());
        session = new Http1Session(context, connections, this, peer.getAddress());
    }

    /**
     * Opens a connection over the transport of an accepted socket, and begins to read.
     *
     * @param peer the address of the peer: the client, or a trusted proxy in front of this proxy
     * @param proxied the client as servers learn it from a PROXY header; null if they do not
     */
    public static Http1Connection open(
            Http1Context context,
            ClientConnections connections,
            Transport transport,
            InetSocketAddress peer,
            @Nullable ProxiedClient proxied)
            throws IOException {
        Http1Connection connection = new Http1Connection(context, connections, transport, peer, proxied);
        connection.watch();
        connection.setFirstTimeout();
        return connection;
    }

    private void setFirstTimeout() {
        long idle = settings.timeouts().clientIdle();
        handshakeTimed = transport().isInHandshake();
        setTimeout(handshakeTimed ? Math.min(settings.security().handshakeNanos(), idle) : idle);
    }

    @Override
    public IdleConnections.Link idleLink() {
        return idleLink;
    }

    @Override
    public boolean closeIfIdle() {
        guard(() -> ready(SelectionKey.OP_READ));
        if (idleLink.isIdle()) {
            close();
        }
        return isClosed();
    }

    /** Writes bytes. Returns false if the client is gone; then the exchange has ended. */
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

    /** Returns a timer that goes with this connection. */
    Timer newTimer(Runnable action) {
        return timer(action);
    }

    /** Returns the client as servers learn it from a PROXY header; null if they do not. */
    @Nullable
    ProxiedClient proxied() {
        return proxied;
    }

    /** Stops or resumes reading. */
    void listen(boolean on) {
        wantInput(on);
    }

    /** Resumes reading after the current event, and handles the bytes left over. */
    void resume() {
        if (!isClosed()) {
            wantInput(true);
            deferReceiveLeftover();
            settleEnd();
            watchProgress();
        }
    }

    /** Ends the connection after the current event, if the client has closed its side and no work is left. */
    void settleEnd() {
        if (isInputEnded()) {
            loop().defer(() -> guard(this::endIfNoWorkLeft));
        }
    }

    private void endIfNoWorkLeft() {
        if (!isClosed() && session.isTunnel()) {
            if (leftoverSize() == 0) {
                session.clientEnded();
            }
        } else if (!isClosed()) {
            switch (session.workLeft(leftoverSize() > 0)) {
                case SOME -> {}
                case NONE -> close();
                case UNANSWERABLE -> gone(Ending.CLIENT_CLOSED);
            }
        }
    }

    /** Ends the output: the client is informed that no bytes follow. */
    void endOutput() {
        shutdownOutput();
    }

    /** Ends the connection so that the client sees that its response is incomplete. */
    void cut() {
        broken = true;
        reset();
    }

    /** Sets the deadline of the input that the client has to send next. */
    void setTimeout(long nanos) {
        loop().timers().set(timer, loop().now() + nanos);
    }

    /** Sets the timers for what the client has to do now, if anything. */
    void watchProgress() {
        if (hasUnsent() && !writeTimer.isRunning()) {
            startWriteTimer();
        }
        if (session.awaitsBody() && !isPaused()) {
            setTimeout(bodyTimeout.begin(session.bodyReceived(), loop().now()));
        } else if (session.isInExchange()) {
            bodyTimeout.pause(session.bodyReceived(), loop().now());
            loop().timers().stop(timer);
        }
    }

    private void startWriteTimer() {
        loop().timers().set(writeTimer, loop().now() + settings.timeouts().writeStall());
    }

    /** Starts the timeouts of a request. */
    void requestBegan() {
        bodyTimeout.restart();
        settings.timeouts().request().ifPresent(nanos -> {
            Timer started = requestTimer == null ? timer(session::requestTimedOut) : requestTimer;
            requestTimer = started;
            loop().timers().set(started, loop().now() + nanos);
        });
    }

    /** Stops the timeout of the whole request. */
    void requestEnded() {
        if (requestTimer != null) {
            loop().timers().stop(requestTimer);
        }
    }

    @Override
    protected void received(Input in, boolean ended) {
        handshakeTimed = false;
        if (ended && (hasWriteFailed() || !acceptsEnd())) {
            gone(hasWriteFailed() || session.isTunnel() ? Ending.CLIENT_RESET : Ending.CLIENT_CLOSED);
            return;
        }
        session.receive(in);
        if (!isClosed()) {
            settleEnd();
            if (!session.isLingering()) {
                watchProgress();
            }
        }
    }

    /** Returns whether a client that has ended its side is still served. */
    private boolean acceptsEnd() {
        return session.isTunnel() ? !isInputTruncated() : !settings.abortOnHalfClose();
    }

    @Override
    protected void drained() {
        loop().timers().stop(writeTimer);
        session.drained();
        settleEnd();
    }

    @Override
    protected void outputProgressed() {
        startWriteTimer();
    }

    @Override
    protected void readingPaused(boolean now) {
        watchProgress();
    }

    @Override
    protected boolean readsWhenFull() {
        return !session.isInExchange(); // new requests are answered 503
    }

    @Override
    protected long heldElsewhere() {
        return session.bufferedBytes();
    }

    private void timedOut() {
        if (!handshakeTimed) {
            session.timedOut();
        } else if (transport().isInHandshake()) {
            session.handshakeTimedOut();
        } else {
            handshakeTimed = false;
            setTimeout(settings.timeouts().clientIdle());
        }
    }

    private void writeTimedOut() {
        ending = Ending.CLIENT_NOT_READING;
        cut();
    }

    @Override
    public void stopGracefully() {
        inUseAtStop = session.isInExchange() || hasUnsent();
        session.stop();
    }

    @Override
    public void stopNow() {
        cutByStop = session.isInExchange() || hasUnsent();
        if (cutByStop) {
            ending = Ending.STOPPED;
            reset();
        } else {
            close();
        }
    }

    /** Ends the connection of a client that is gone. A response in progress ends with a reset. */
    private void gone(Ending how) {
        ending = how;
        broken |= session.isInExchange() || hasUnsent();
        if (hasUnsent() || session.hasResponded()) {
            reset();
        } else {
            close();
        }
    }

    @Override
    protected void failed(Throwable cause) {
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
            session.end(ending);
        } finally {
            unregister();
        }
    }

    private void unregister() {
        connections.notIdle(this);
        if (proxied != null) {
            proxied.end();
        }
        loop().timers().remove(timer);
        loop().timers().remove(writeTimer);
        if (requestTimer != null) {
            loop().timers().remove(requestTimer);
        }
        if (cutByStop || (inUseAtStop && !broken)) {
            connections.countStopped(cutByStop);
        }
        connections.ended(this);
    }
}
