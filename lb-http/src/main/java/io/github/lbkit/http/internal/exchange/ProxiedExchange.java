package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.upstream.UpstreamConnection;
import io.github.lbkit.http.internal.upstream.UpstreamUser;
import io.github.lbkit.http.internal.wire.BadMessageException;
import org.jspecify.annotations.Nullable;

/**
 * A request that a server answers: attempts, one after the other, until one has answered or none may follow.
 *
 * <p>It is repeated if no byte of it was written to the server, or if its method is idempotent; in either case only while
 * its whole body so far is still here, and no byte of a final response went to the client. A response whose status is one
 * of those that are tried elsewhere is held until it is known that no other server takes the request.
 */
final class ProxiedExchange extends Exchange implements UpstreamUser {
    private final Attempts attempts;
    private final RequestSender sender;
    private final ResponseRelay response;
    private final ContinueTimer continueTimer;
    private @Nullable UpstreamConnection upstream;

    /** Whether this attempt had a byte of a response. */
    private boolean responded;

    /** Whether the server's connection takes no more, and only what it may have said is waited for. */
    private boolean deaf;

    ProxiedExchange(Worker worker, ClientConnection client, ClientRequest request, Call call) {
        super(worker, client, request);
        ProxySettings settings = worker.settings();
        attempts = new Attempts(call, settings.queue(), settings.failureStatuses());
        sender = new RequestSender(worker, request, body);
        response = new ResponseRelay(this, this::mayTryElsewhere);
        continueTimer = new ContinueTimer(worker.loop());
    }

    @Override
    void begin(Input in) {
        if (request.expectsContinue()) {
            continueTimer.start(client, this::tellContinueUnlessAnswered);
        }
        nextAttempt(in);
    }

    private void tellContinueUnlessAnswered() {
        if (!response.hasHead()) {
            tellContinue();
        }
    }

    private void nextAttempt(@Nullable Input in) {
        tryFrom(attempts.next(this::turnHasCome), in);
    }

    private void tryFrom(@Nullable Attempt first, @Nullable Input in) {
        for (Attempt next = first; next != null; next = attempts.next(this::turnHasCome)) {
            if (connect(next, false, in)) {
                return;
            }
            attempts.abandon();
        }
        if (!attempts.isWaiting()) {
            finish(attempts.answer());
        }
    }

    /** A server has become free for this request, or it has waited in vain. Called on any thread. */
    private void turnHasCome() {
        worker.loop().execute(() -> {
            if (attempts.isWaiting()) {
                tryFrom(attempts.turned(), null);
                client.resume();
            }
        });
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
            client.session().refuse(e);
        }
    }

    private void afterSend(UpstreamConnection server, boolean sent) {
        if (!sent && !server.hasWritten()) {
            server.discard();
            attemptFailed(server, Failure.DISCONNECT);
            return;
        }
        deaf |= !sent; // it may have answered before it stopped to listen: its next event tells
        if (server.hasUnsent()) {
            client.listen(sender.isComplete());
            server.expectWithin(worker.settings().timeouts().bodyProgress());
        } else {
            awaitResponse(server);
        }
    }

    /** Sets how long the server may take; not at all where it is the client that has to go on, which is watched too. */
    private void awaitResponse(UpstreamConnection server) {
        if (holdsServerBack() || (!sender.isComplete() && !deaf)) {
            server.expectNothing();
        } else if (responded) {
            server.expectWithin(worker.settings().timeouts().bodyProgress());
        } else {
            server.expectWithin(worker.settings().timeouts().response());
        }
    }

    @Override
    boolean awaitsClient() {
        UpstreamConnection server = upstream;
        return !sender.isComplete() && !deaf && server != null && server.isConnected() && !server.hasUnsent();
    }

    @Override
    void clientSent(Input in) {
        UpstreamConnection server = upstream;
        if (server != null && awaitsClient()) {
            try {
                afterSend(server, sender.feed(server, in));
            } catch (BadMessageException e) {
                client.session().refuse(e);
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
        if (server == null) {
            return;
        }
        responded = true;
        attempts.responded();
        try {
            switch (response.received(in)) {
                case COMPLETE -> complete(server, in.isEmpty());
                case HELD -> tryElsewhere(server, in.isEmpty());
                case MORE -> awaitMore(server);
                case CLIENT_GONE -> {}
            }
        } catch (BadMessageException e) {
            worker.settings()
                    .refusals()
                    .response(attempts.serverId(), e, worker.loop().now());
            server.discard();
            attemptFailed(server, Failure.PROTOCOL);
        }
    }

    /** A client that does not take what it gets stops the server. */
    private void awaitMore(UpstreamConnection server) {
        server.listen(!holdsServerBack());
        if (!server.hasUnsent()) {
            awaitResponse(server);
        }
    }

    private boolean holdsServerBack() {
        return client.hasUnsent() && response.hasBegun();
    }

    @Override
    void clientDrained() {
        UpstreamConnection server = upstream;
        if (server != null && response.hasBegun()) {
            awaitMore(server);
        }
    }

    @Override
    public void serverEnded() {
        UpstreamConnection server = upstream;
        if (server == null) {
            return;
        }
        switch (response.serverEnded()) {
            case COMPLETE -> complete(server, false);
            case HELD -> tryElsewhere(server, false);
            case MORE -> {
                server.discard();
                attemptFailed(server, Failure.DISCONNECT);
            }
            case CLIENT_GONE -> {}
        }
    }

    private void complete(UpstreamConnection server, boolean nothingLeft) {
        attemptDone(server, nothingLeft);
        done();
    }

    private void attemptDone(UpstreamConnection server, boolean nothingLeft) {
        upstream = null;
        attempts.completed(response.serverStatus(), response.asksToComeBack());
        if (nothingLeft && sender.isComplete() && !deaf && response.serverKeeps()) {
            server.release();
        } else {
            server.discard();
        }
    }

    private void done() {
        continueTimer.stop();
        client.session().exchangeDone(response.clientKeeps());
    }

    private boolean mayTryElsewhere() {
        return sender.isComplete() && sender.mayRepeat(true);
    }

    /** The server's answer is one that another server may better; if there is none, the client gets it. */
    private void tryElsewhere(UpstreamConnection server, boolean nothingLeft) {
        attemptDone(server, nothingLeft);
        for (Attempt next = attempts.nextAtOnce(); next != null; next = attempts.nextAtOnce()) {
            if (connect(next, false, null)) {
                client.resume();
                return;
            }
            attempts.abandon();
        }
        if (response.passOnHeld()) {
            done();
        }
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
        upstream = null;
        attempts.ends(server.hasWritten());
        boolean mayRepeat = !response.hasBegun() && sender.mayRepeat(server.hasWritten());
        if (failure == Failure.DISCONNECT && server.wasUsed() && !responded) {
            // the server may have closed it for being idle, which is no fault of its own
            Attempt current = attempts.current();
            if (mayRepeat && current != null && connect(current, true, null)) {
                return;
            }
            attempts.lostConnection();
        } else {
            attempts.failed(failure);
        }
        if (response.hasBegun()) {
            client.cut();
        } else if (mayRepeat) {
            nextAttempt(null);
            client.resume();
        } else {
            finish(attempts.answer());
        }
    }

    @Override
    public void instanceLost() {
        UpstreamConnection server = upstream;
        if (server != null && !response.hasBegun() && sender.mayRepeat(server.hasWritten())) {
            upstream = null;
            attempts.ends(server.hasWritten());
            server.discard();
            attempts.lostConnection();
            nextAttempt(null);
            client.resume();
        }
    }

    @Override
    void abandon() {
        UpstreamConnection server = upstream;
        upstream = null;
        if (server != null) {
            server.discard();
        }
        attempts.abandon();
        response.giveParserBack();
        continueTimer.stop();
    }

    @Override
    void deadlineOver() {
        if (response.hasBegun()) {
            client.cut();
            return;
        }
        LocalResponse answer = attempts.isWaiting()
                ? FailureResponses.unavailable(FailureResponses.SOON)
                : FailureResponses.GATEWAY_TIMEOUT;
        attempts.failed(Failure.TIMEOUT);
        abandon();
        finish(answer);
    }

    @Override
    boolean hasAnswered() {
        return response.hasBegun();
    }

    @Override
    @Nullable
    String serverId() {
        return attempts.serverId();
    }

    @Override
    int attempts() {
        return attempts.count();
    }

    private void finish(LocalResponse last) {
        continueTimer.stop();
        response.giveParserBack();
        answer(last, true);
    }
}
