package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.upstream.UpstreamConnection;
import io.github.lbkit.http.internal.upstream.UpstreamUser;
import io.github.lbkit.http.internal.wire.BadMessageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that a server answers: attempts, one after the other, until one has answered or none may follow.
 *
 * <p>It is repeated if no byte of it was written to the server, or if its method is idempotent; in either case only while
 * its whole body so far is still here, and no byte of a final response went to the client.
 */
final class ProxiedExchange extends Exchange implements UpstreamUser {
    private static final Logger LOG = LoggerFactory.getLogger(ProxiedExchange.class);
    private static final long CONTINUE_NANOS = 1_000_000_000;

    private final Call call;
    private final RequestSender sender;
    private final ResponseRelay response;
    private @Nullable Timer continueTimer;
    private @Nullable Attempt attempt;
    private @Nullable UpstreamConnection upstream;
    private @Nullable String serverId;

    /** Whether this attempt had a byte of a response. */
    private boolean responded;

    /** Whether the server's connection takes no more, and only what it may have said is waited for. */
    private boolean deaf;

    /** What the client is told if no other attempt can be made; null while none has failed. */
    private @Nullable LocalResponse lastFailure;

    ProxiedExchange(Worker worker, ClientConnection client, ClientRequest request, Call call) {
        super(worker, client, request);
        this.call = call;
        sender = new RequestSender(worker, request, body);
        response = new ResponseRelay(this);
    }

    @Override
    void begin(Input in) {
        if (request.expectsContinue()) {
            Timer timer = client.newTimer(this::tellContinueUnlessAnswered);
            continueTimer = timer;
            worker.loop().timers().set(timer, worker.loop().now() + CONTINUE_NANOS);
        }
        nextAttempt(in);
    }

    @Override
    @Nullable
    String serverId() {
        return serverId;
    }

    @Override
    int attempts() {
        return call.attempts();
    }

    @Override
    boolean hasAnswered() {
        return response.hasBegun();
    }

    @Override
    boolean awaitsClient() {
        UpstreamConnection server = upstream;
        return !sender.isComplete() && !deaf && server != null && server.isConnected() && !server.hasUnsent();
    }

    private void nextAttempt(@Nullable Input in) {
        while (true) {
            Pick pick = call.next();
            if (pick instanceof NoServer none) {
                finish(lastFailure == null ? FailureResponses.of(none) : lastFailure);
                return;
            }
            Attempt next = (Attempt) pick;
            attempt = next;
            serverId = next.server().id();
            if (connect(next, false, in)) {
                return;
            }
            attempt = null;
            next.abandoned();
        }
    }

    /** Takes a connection and sends the request, now or when it is made; false if there may be none. */
    private boolean connect(Attempt to, boolean fresh, @Nullable Input in) {
        UpstreamConnection taken = worker.pool().take(to.server(), to.instance(), fresh, this);
        if (taken == null) {
            return false;
        }
        upstream = taken;
        responded = false;
        deaf = false;
        response.restart();
        if (taken.isConnected()) {
            send(taken, in);
        }
        return true;
    }

    private void send(UpstreamConnection server, @Nullable Input in) {
        try {
            afterSend(server, sender.begin(server, in));
        } catch (BadMessageException e) {
            client.refuse(e);
        }
    }

    private void afterSend(UpstreamConnection server, boolean sent) {
        if (!sent) {
            if (!server.hasWritten()) {
                server.discard();
                attemptFailed(server, Failure.DISCONNECT);
                return;
            }
            deaf = true; // it may have answered before it stopped to listen: its next event tells
        }
        if (server.hasUnsent()) {
            client.listen(sender.isComplete());
            server.expectWithin(worker.settings().timeouts().bodyProgress());
        } else {
            awaitResponse(server);
        }
    }

    private void awaitResponse(UpstreamConnection server) {
        if (!sender.isComplete() && !deaf) {
            server.expectNothing(); // the client's progress is watched
        } else if (responded) {
            server.expectWithin(worker.settings().timeouts().bodyProgress());
        } else {
            server.expectWithin(worker.settings().timeouts().response());
        }
    }

    @Override
    void clientSent(Input in) {
        UpstreamConnection server = upstream;
        if (server != null && awaitsClient()) {
            try {
                afterSend(server, sender.feed(server, in));
            } catch (BadMessageException e) {
                client.refuse(e);
            }
        }
    }

    @Override
    public void connected() {
        UpstreamConnection server = upstream;
        if (server != null) {
            send(server, null);
            client.resume();
        }
    }

    @Override
    public void drained() {
        UpstreamConnection server = upstream;
        if (server != null) {
            awaitResponse(server);
            client.resume();
        }
    }

    @Override
    public void received(Input in) {
        UpstreamConnection server = upstream;
        Attempt current = attempt;
        if (server == null || current == null) {
            return;
        }
        responded = true;
        current.responded();
        try {
            if (proceed(server, response.received(in)) == ResponseRelay.Step.COMPLETE) {
                complete(server, current, in.isEmpty());
            }
        } catch (BadMessageException e) {
            LOG.debug("server {} broke the protocol: {}", serverId, e.reason());
            server.discard();
            attemptFailed(server, Failure.PROTOCOL);
        }
    }

    private ResponseRelay.Step proceed(UpstreamConnection server, ResponseRelay.Step step) {
        if (step == ResponseRelay.Step.MORE) {
            if (client.hasUnsent() && response.hasBegun()) {
                server.listen(false);
                server.expectNothing();
            } else if (!server.hasUnsent()) {
                awaitResponse(server);
            }
        }
        return step;
    }

    @Override
    void clientDrained() {
        UpstreamConnection server = upstream;
        if (server != null && response.hasBegun()) {
            server.listen(true);
            awaitResponse(server);
        }
    }

    @Override
    public void serverEnded() {
        UpstreamConnection server = upstream;
        Attempt current = attempt;
        if (server == null || current == null) {
            return;
        }
        switch (response.serverEnded()) {
            case COMPLETE -> complete(server, current, false);
            case MORE -> {
                server.discard();
                attemptFailed(server, Failure.DISCONNECT);
            }
            case CLIENT_GONE -> {}
        }
    }

    private void complete(UpstreamConnection server, Attempt current, boolean nothingLeft) {
        forgetServer();
        if (response.serverStatus() >= 502 && response.serverStatus() <= 504) {
            current.failed(Failure.STATUS);
        } else {
            current.succeeded();
        }
        if (nothingLeft && sender.isComplete() && !deaf && response.serverKeeps()) {
            server.release();
        } else {
            server.discard();
        }
        stopTimer();
        client.exchangeDone(response.clientKeeps());
    }

    @Override
    public void failed(Failure failure) {
        UpstreamConnection server = upstream;
        if (server != null) {
            attemptFailed(server, failure);
        }
    }

    /** The connection is closed, and the response is not complete. */
    private void attemptFailed(UpstreamConnection server, Failure failure) {
        Attempt current = attempt;
        if (current == null) {
            return;
        }
        upstream = null;
        boolean mayRepeat = !response.hasBegun() && sender.mayRepeat(server.hasWritten());
        if (failure == Failure.DISCONNECT && server.wasUsed() && !responded) {
            // the server may have closed it for being idle, which is no fault of its own
            if (mayRepeat && connect(current, true, null)) {
                return;
            }
            current.abandoned();
        } else {
            current.failed(failure);
        }
        attempt = null;
        lastFailure = FailureResponses.of(failure);
        if (response.hasBegun()) {
            stopTimer();
            client.cut();
        } else if (mayRepeat) {
            nextAttempt(null);
            client.resume();
        } else {
            finish(lastFailure);
        }
    }

    @Override
    public void instanceLost() {
        UpstreamConnection server = upstream;
        Attempt current = attempt;
        if (server != null && current != null && !response.hasBegun() && sender.mayRepeat(server.hasWritten())) {
            forgetServer();
            server.discard();
            current.abandoned();
            lastFailure = FailureResponses.BAD_GATEWAY;
            nextAttempt(null);
            client.resume();
        }
    }

    @Override
    void abandon() {
        UpstreamConnection server = upstream;
        Attempt current = attempt;
        forgetServer();
        stopTimer();
        if (server != null) {
            server.discard();
        }
        if (current != null) {
            current.abandoned();
        }
    }

    @Override
    void deadlineOver() {
        Attempt current = attempt;
        if (response.hasBegun()) {
            abandon();
            client.cut();
            return;
        }
        attempt = null;
        if (current != null) {
            current.failed(Failure.TIMEOUT);
        }
        abandon();
        finish(FailureResponses.GATEWAY_TIMEOUT);
    }

    private void tellContinueUnlessAnswered() {
        if (!response.hasHead()) {
            tellContinue();
        }
    }

    private void finish(LocalResponse answer) {
        stopTimer();
        response.giveParserBack();
        answer(answer, true);
    }

    private void forgetServer() {
        upstream = null;
        attempt = null;
        response.giveParserBack();
    }

    private void stopTimer() {
        Timer timer = continueTimer;
        if (timer != null) {
            worker.loop().timers().remove(timer);
        }
    }
}
