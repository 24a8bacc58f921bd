package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.outcome.Ending;
import io.github.lbkit.http.internal.outcome.ExchangeLogs;
import io.github.lbkit.http.internal.outcome.FailureLog;
import io.github.lbkit.http.internal.outcome.FailureResponses;
import io.github.lbkit.http.internal.upstream.UpstreamConnection;
import io.github.lbkit.http.internal.wire.BadMessageException;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that a server answers, by one attempt after the other. {@link Ending} has the table of how attempts and
 * the exchange end. Whatever code of the application or of this project throws here ends this exchange alone.
 *
 * <p>A request is sent again if no byte of it was written to the server, or if its method is idempotent. In either case
 * the replay buffer must have the whole body so far, and no byte of a final response may have been sent to the client.
 *
 * <p>A response with a retry status is held until no other server is left to try. A short body is collected before a
 * server is picked, so that a slow client does not count against the load of a server.
 */
final class ProxiedExchange extends Exchange implements ServerExchange.Outcome, ResponseRelay.Decisions {
    private final ForwardingSettings settings;
    private final EventLoop loop;
    private final Attempts attempts;
    private final RequestSender sender;
    private final ResponseRelay response;
    private final ServerExchange server;
    private @Nullable ContinueTimer continueTimer;

    /** The tunnel that the exchange has become; null before a response 101. */
    private @Nullable Tunnel tunnel;

    /** True if a short body is collected before a server is picked. */
    private boolean collecting;

    /** True if the current attempt uses a new connection because an unused one was stale. */
    private boolean reconnected;

    ProxiedExchange(ClientStream stream, ClientRequest request, ExchangeLogs logs, Forwarding forwarding, Call call) {
        super(stream, request, logs);
        settings = forwarding.settings();
        loop = forwarding.loop();
        attempts = new Attempts(call, settings.queue(), settings.failureStatuses());
        Upgrade upgrade = Upgrade.of(request, settings.upgrades());
        sender = new RequestSender(
                stream, request, forwarding.output(), settings.limits().replay(), upgrade);
        response = new ResponseRelay(this, settings, forwarding.parsers(), this, upgrade);
        server = new ServerExchange(this, this, forwarding, sender, response);
    }

    @Override
    public void begin() {
        if (settings.requestBuffering() && sender.isShort() && request.framing() > stream.availableBytes()) {
            collecting = true;
            stream.sendContinue();
            bodyAvailable();
            return;
        }
        if (request.expectsContinue()) {
            continueTimer = ContinueTimer.start(loop, stream, this::continueUnlessResponded);
        }
        nextAttempt();
    }

    private void continueUnlessResponded() {
        if (!response.hasHead()) {
            stream.sendContinue();
        }
    }

    private void stopContinueTimer() {
        if (continueTimer != null) {
            continueTimer.stop();
        }
    }

    private void nextAttempt() {
        tryWith(attempts.next(this::queueCompleted));
    }

    private void tryWith(@Nullable Attempt next) {
        if (next != null) {
            reconnected = false;
            server.connect(next, false);
        } else if (!attempts.isQueued()) {
            finish();
        }
    }

    /** Handles that the queue has found a server for this request, or has refused it. Called on any thread. */
    private void queueCompleted() {
        loop.execute(() -> guard(() -> {
            if (attempts.isQueued()) {
                tryWith(attempts.nextFromQueue());
                stream.resume();
            }
        }));
    }

    @Override
    public boolean awaitsBody() {
        return tunnel == null && (collecting || server.awaitsBody());
    }

    @Override
    public void bodyAvailable() {
        guard(this::readBody);
    }

    private void readBody() {
        try {
            Tunnel current = tunnel;
            if (current != null) {
                current.bytesAvailable();
                return;
            }
            if (!collecting) {
                server.sendBody();
                return;
            }
            sender.collect();
            if (sender.isComplete()) {
                collecting = false;
                nextAttempt();
            }
        } catch (BadMessageException e) {
            refuse(e);
        }
    }

    @Override
    public void clientDrained() {
        Tunnel current = tunnel;
        guard(current == null ? server::clientDrained : current::clientDrained);
    }

    @Override
    public void headReceived() {
        attempts.responded(response.serverStatus(), response.hasRetryAfter());
    }

    /**
     * Ends the attempt before the client can have the response, so that its next request does not count this attempt.
     */
    @Override
    public void responseRead() {
        attempts.responded(response.serverStatus(), response.hasRetryAfter());
        attempts.completed(response.serverStatus(), response.hasRetryAfter());
    }

    @Override
    public boolean mayTryElsewhere() {
        return sender.isComplete() && sender.mayRepeat(true);
    }

    /** A 408 with close means that the server gives up the connection, not the request (RFC 9110 15.5.9). */
    @Override
    public boolean isStale(int status, boolean serverKeepsAlive) {
        return status == 408
                && !serverKeepsAlive
                && !reconnected
                && server.usesOldConnection()
                && sender.isComplete()
                && sender.mayRepeat(true)
                && attempts.current() != null;
    }

    @Override
    public void completed() {
        responseRead();
        done();
    }

    private void done() {
        stopContinueTimer();
        endAs(Ending.COMPLETE);
        finished();
    }

    @Override
    public void held() {
        responseRead();
        response.keepHeld();
        Attempt next = attempts.nextWithoutQueue();
        if (next != null) {
            reconnected = false;
            server.connect(next, false);
            stream.resume();
        } else {
            finish();
        }
    }

    @Override
    public void failed(Ending how, boolean written, String detail) {
        boolean mayRepeat = !response.hasBegun() && sender.mayRepeat(written);
        Attempt current = attempts.current();
        if (how == Ending.STALE && mayRepeat && current != null && !reconnected) {
            reconnected = true;
            server.connect(current, true);
            stream.resume();
            return;
        }
        attempts.ended(how, written, detail);
        if (response.hasBegun()) {
            log(0, how, detail);
            reset(how);
        } else if (mayRepeat && how != Ending.INTERNAL_ERROR) {
            tryAgain(how, detail);
        } else {
            finish();
        }
    }

    @Override
    public void switched(UpstreamConnection connection, Input in) {
        response.releaseParser();
        Tunnel begun = new Tunnel(this, attempts, connection, loop, settings.timeouts());
        tunnel = begun;
        begun.begin(in);
    }

    @Override
    public boolean isTunnel() {
        return tunnel != null;
    }

    @Override
    public void clientEnded() {
        Tunnel current = tunnel;
        if (current != null) {
            guard(current::clientEnded);
        }
    }

    private void tryAgain(Ending how, String detail) {
        String failed = attempts.serverId();
        nextAttempt();
        if (server.isInProgress() && how.isWrongResponse()) {
            logs.failures().failed(FailureLog.RETRIED, how, request.view(), failed, detail);
        }
        stream.resume();
    }

    private void reset(Ending how) {
        endAs(how);
        stream.reset();
    }

    @Override
    public void abandon() {
        collecting = false;
        server.abandon();
        if (tunnel != null) {
            tunnel.abandon();
        }
        response.releaseParser();
        stopContinueTimer();
        sender.drop();
        attempts.abandon();
    }

    @Override
    public void requestTimedOut() {
        guard(() -> {
            Ending how = timeoutEnding();
            if (response.hasBegun()) {
                reset(how);
                return;
            }
            attempts.ended(how, server.hasWritten(), "");
            abandon();
            log(how.status(), how, "");
            endAs(how);
            if (how == Ending.CLIENT_TOO_SLOW) {
                stream.closeAfterResponse();
            }
            respond(FailureResponses.of(how));
        });
    }

    private Ending timeoutEnding() {
        if (attempts.isQueued()) {
            return Ending.QUEUE_TIMEOUT;
        }
        if (awaitsBody()) {
            return Ending.CLIENT_TOO_SLOW;
        }
        if (response.hasBegun()) {
            return server.wasClientSlow() ? Ending.CLIENT_NOT_READING : Ending.REQUEST_TIMEOUT;
        }
        return server.serverHadMostOfTheTime() ? Ending.SERVER_TOO_SLOW : Ending.REQUEST_TIMEOUT;
    }

    @Override
    public boolean hasResponded() {
        return response.hasBegun();
    }

    @Override
    public @Nullable String serverId() {
        return attempts.serverId();
    }

    @Override
    public int attempts() {
        return attempts.count();
    }

    @Override
    public long bufferedBytes() {
        return sender.buffered() + response.buffered();
    }

    /**
     * Ends the exchange without a further attempt: the client gets the kept response of a server, or one of the proxy.
     */
    private void finish() {
        stopContinueTimer();
        response.releaseParser();
        if (response.hasKept()) {
            if (response.sendKept()) {
                done();
            }
            return;
        }
        Ending how = attempts.lastEnding();
        LocalResponse last = attempts.response();
        log(last.status(), how, attempts.detail());
        endAs(how);
        respond(last);
    }

    private void log(int status, Ending how, String detail) {
        logs.failures().failed(status, how, request.view(), attempts.serverId(), detail);
    }
}
