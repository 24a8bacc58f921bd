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
import io.github.lbkit.http.internal.upstream.UpstreamFault;
import io.github.lbkit.http.internal.upstream.UpstreamListener;
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
final class ProxiedExchange extends Exchange implements UpstreamListener, ResponseRelay.Decisions {
    private final Forwarding forwarding;
    private final EventLoop loop;
    private final Attempts attempts;
    private final RequestSender sender;
    private final ResponseRelay response;
    private final AttemptProgress progress;
    private @Nullable ContinueTimer continueTimer;

    /** The connection of the current attempt; null between attempts. */
    private @Nullable UpstreamConnection upstream;

    /** Whether a short body is collected before a server is picked. */
    private boolean collecting;

    /** Whether the current attempt uses a new connection because an unused one was stale. */
    private boolean reconnected;

    ProxiedExchange(ClientStream stream, ClientRequest request, ExchangeLogs logs, Forwarding forwarding, Call call) {
        super(stream, request, logs);
        this.forwarding = forwarding;
        loop = forwarding.loop();
        ForwardingSettings settings = forwarding.settings();
        attempts = new Attempts(call, settings.queue(), settings.failureStatuses());
        sender = new RequestSender(
                stream, request, forwarding.output(), settings.limits().replay());
        response = new ResponseRelay(this, settings, forwarding.parsers(), this);
        progress = new AttemptProgress(settings.timeouts());
    }

    @Override
    public void begin() {
        if (forwarding.settings().requestBuffering()
                && sender.isShort()
                && request.framing() > stream.availableBytes()) {
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
            connect(next, false);
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

    /** Takes a connection, and sends the request as soon as the connection is made. */
    private void connect(Attempt to, boolean fresh) {
        UpstreamConnection taken =
                forwarding.upstreams().take(to.server(), to.instance(), fresh, sender.mayRepeat(true), this);
        upstream = taken;
        progress.restart();
        response.restart();
        if (taken.isConnected()) {
            send(taken);
        }
    }

    private void send(UpstreamConnection server) {
        try {
            sent(server, sender.begin(server));
        } catch (BadMessageException e) {
            refuse(e);
        }
    }

    private void sent(UpstreamConnection server, boolean succeeded) {
        if (!succeeded && !server.hasWritten()) {
            Ending how = Ending.of(UpstreamFault.RESET, phase(server));
            server.discard();
            attemptFailed(server, how, "");
            return;
        }
        // after a failed write, the next event of the server shows whether it has responded before
        progress.wrote(succeeded);
        if (server.hasUnsent()) {
            stream.listen(sender.isComplete());
            server.setTimeout(forwarding.settings().timeouts().writeStall());
        } else {
            awaitResponse(server);
        }
    }

    /** Sets the deadline of the server. There is none while the client has to act, which the stream watches. */
    private void awaitResponse(UpstreamConnection server) {
        if (clientBlocksResponse() || (!sender.isComplete() && !progress.hasWriteFailed())) {
            server.clearTimeout();
        } else if (!response.hasHead()) {
            progress.awaitHead(server, loop.now());
        } else if (response.silenceNanos() < 0) {
            server.clearTimeout();
        } else {
            server.setTimeout(response.silenceNanos());
        }
    }

    @Override
    public boolean awaitsBody() {
        return collecting || awaitsBody(upstream);
    }

    private boolean awaitsBody(@Nullable UpstreamConnection server) {
        return !sender.isComplete()
                && !progress.hasWriteFailed()
                && server != null
                && server.isConnected()
                && !server.hasUnsent();
    }

    @Override
    public void bodyAvailable() {
        guard(this::readBody);
    }

    private void readBody() {
        UpstreamConnection server = upstream;
        try {
            if (collecting) {
                sender.collect();
                if (sender.isComplete()) {
                    collecting = false;
                    nextAttempt();
                }
            } else if (server != null && awaitsBody(server)) {
                sent(server, sender.sendBody(server));
            }
        } catch (BadMessageException e) {
            refuse(e);
        }
    }

    @Override
    public void connected() {
        guard(() -> {
            UpstreamConnection server = upstream;
            if (server != null) {
                send(server);
                stream.resume();
            }
        });
    }

    @Override
    public void drained() {
        guard(() -> {
            UpstreamConnection server = upstream;
            if (server != null) {
                awaitResponse(server);
                stream.resume();
            }
        });
    }

    @Override
    public void received(Input in) {
        guard(() -> relay(in));
    }

    private void relay(Input in) {
        UpstreamConnection server = upstream;
        if (server == null) {
            return;
        }
        progress.responded();
        boolean speaksHttp = response.hasHead() || ResponseRelay.mayBeHttp(in);
        try {
            ResponseRelay.Step step = response.received(in);
            if (response.hasHead()) {
                attempts.responded(response.serverStatus(), response.hasRetryAfter());
            }
            switch (step) {
                case COMPLETE -> complete(server, in.isEmpty());
                case HELD -> tryElsewhere(server, in.isEmpty());
                case STALE -> repeatStale(server);
                case MORE -> awaitMore(server);
                case CLIENT_GONE -> {}
            }
        } catch (BadMessageException e) {
            server.discard();
            attemptFailed(server, speaksHttp ? Ending.BAD_RESPONSE : Ending.NOT_HTTP, e.reason());
        }
    }

    /** Waits for more of the response. While the client does not read, the server is not read either. */
    private void awaitMore(UpstreamConnection server) {
        boolean blocked = clientBlocksResponse();
        progress.clientIsSlow(blocked);
        server.listen(!blocked);
        if (!server.hasUnsent()) {
            awaitResponse(server);
        }
    }

    private boolean clientBlocksResponse() {
        return stream.isBlocked() && response.hasBegun();
    }

    @Override
    public void clientDrained() {
        guard(() -> {
            UpstreamConnection server = upstream;
            if (server != null && response.hasBegun()) {
                awaitMore(server);
            }
        });
    }

    @Override
    public void serverClosed(boolean truncated) {
        guard(() -> {
            UpstreamConnection server = upstream;
            if (server == null) {
                return;
            }
            switch (truncated ? ResponseRelay.Step.MORE : response.serverClosed()) {
                case COMPLETE -> complete(server, false);
                case HELD -> tryElsewhere(server, false);
                case STALE -> repeatStale(server);
                case MORE -> {
                    // the operating system reports a reset once: where a write has met it, the read reports an end
                    boolean reset = progress.hasWriteFailed();
                    Ending how = reset ? Ending.of(UpstreamFault.RESET, phase(server)) : Ending.closed(phase(server));
                    server.discard();
                    attemptFailed(server, how, "");
                }
                case CLIENT_GONE -> {}
            }
        });
    }

    private Ending.Phase phase(UpstreamConnection server) {
        return progress.phase(server, response.hasHead(), sender.isComplete());
    }

    private void complete(UpstreamConnection server, boolean inputConsumed) {
        endAttempt(server, inputConsumed);
        done();
    }

    /** Ends the attempt after a complete response, and keeps the connection if the server does. */
    private void endAttempt(UpstreamConnection server, boolean inputConsumed) {
        upstream = null;
        boolean reusable = inputConsumed && sender.isComplete() && !progress.hasWriteFailed();
        if (reusable && response.serverKeepsAlive()) {
            server.release(response.keepAliveNanos());
        } else {
            server.discard();
        }
        responseRead();
    }

    /**
     * Ends the attempt before the client can have the response, so that its next request does not count this attempt.
     */
    @Override
    public void responseRead() {
        attempts.responded(response.serverStatus(), response.hasRetryAfter());
        attempts.completed(response.serverStatus(), response.hasRetryAfter());
    }

    private void done() {
        stopContinueTimer();
        endAs(Ending.COMPLETE);
        finished();
    }

    @Override
    public boolean mayTryElsewhere() {
        return sender.isComplete() && sender.mayRepeat(true);
    }

    /** A 408 with close means that the server gives up the connection, not the request (RFC 9110 15.5.9). */
    @Override
    public boolean isStale(int status, boolean serverKeepsAlive) {
        UpstreamConnection server = upstream;
        return status == 408
                && !serverKeepsAlive
                && !reconnected
                && server != null
                && server.wasUsed()
                && sender.isComplete()
                && sender.mayRepeat(true)
                && attempts.current() != null;
    }

    private void repeatStale(UpstreamConnection server) {
        server.discard();
        attemptFailed(server, Ending.STALE, "408");
    }

    /** Tries another server after a response with a retry status. If there is none, the client gets this response. */
    private void tryElsewhere(UpstreamConnection server, boolean inputConsumed) {
        endAttempt(server, inputConsumed);
        response.keepHeld();
        Attempt next = attempts.nextWithoutQueue();
        if (next != null) {
            reconnected = false;
            connect(next, false);
            stream.resume();
        } else {
            finish();
        }
    }

    @Override
    public void failed(UpstreamFault fault) {
        guard(() -> {
            UpstreamConnection server = upstream;
            if (server != null) {
                attemptFailed(server, Ending.of(fault, phase(server)), "");
            }
        });
    }

    /** Ends an attempt whose connection is closed before the response is complete. */
    private void attemptFailed(UpstreamConnection server, Ending how, String detail) {
        upstream = null;
        boolean written = server.hasWritten();
        boolean mayRepeat = !response.hasBegun() && sender.mayRepeat(written);
        Attempt current = attempts.current();
        if (how == Ending.STALE && mayRepeat && current != null && !reconnected) {
            reconnected = true;
            connect(current, true);
            stream.resume();
            return;
        }
        attempts.ended(how, written, detail);
        if (response.hasBegun()) {
            log(0, how, detail);
            reset(how);
        } else if (mayRepeat && how != Ending.INTERNAL_ERROR) {
            String failed = attempts.serverId();
            nextAttempt();
            if (upstream != null && (how == Ending.BAD_RESPONSE || how == Ending.NOT_HTTP)) {
                logs.failures().failed(FailureLog.RETRIED, how, request.view(), failed, detail);
            }
            stream.resume();
        } else {
            finish();
        }
    }

    private void reset(Ending how) {
        endAs(how);
        stream.reset();
    }

    @Override
    public void instanceLost() {
        guard(() -> {
            UpstreamConnection server = upstream;
            if (server != null && !response.hasBegun() && sender.mayRepeat(server.hasWritten())) {
                upstream = null;
                attempts.ended(Ending.INSTANCE_LOST, server.hasWritten(), "");
                server.discard();
                nextAttempt();
                stream.resume();
            }
        });
    }

    @Override
    public void abandon() {
        UpstreamConnection server = upstream;
        upstream = null;
        collecting = false;
        if (server != null) {
            server.discard();
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
            UpstreamConnection server = upstream;
            attempts.ended(how, server != null && server.hasWritten(), "");
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
            return progress.wasClientSlow() ? Ending.CLIENT_NOT_READING : Ending.REQUEST_TIMEOUT;
        }
        return progress.serverHadMostOfTheTime(loop.now()) ? Ending.SERVER_TOO_SLOW : Ending.REQUEST_TIMEOUT;
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
