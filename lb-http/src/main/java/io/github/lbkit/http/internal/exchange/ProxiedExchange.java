package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.upstream.UpstreamConnection;
import io.github.lbkit.http.internal.upstream.UpstreamFault;
import io.github.lbkit.http.internal.upstream.UpstreamUser;
import io.github.lbkit.http.internal.wire.BadMessageException;
import org.jspecify.annotations.Nullable;

/**
 * A request that a server answers: attempts, one after the other, until one has answered or none may follow. {@link Ending}
 * says how attempts and the exchange end.
 *
 * <p>A request is repeated if no byte of it was written to the server, or if its method is idempotent; in either case only
 * while its whole body so far is still here, and no byte of a final response went to the client. A response whose status is
 * one of those that are tried elsewhere is held until it is known that no other server takes the request. A short body is
 * collected before a server is asked, so that a slow client holds no place.
 *
 * <p>Whatever is thrown here, by code of the application too, ends this exchange alone.
 */
final class ProxiedExchange extends Exchange implements UpstreamUser, ResponseRelay.Choice {
    private final Attempts attempts;
    private final RequestSender sender;
    private final ResponseRelay response;
    private final ContinueTimer continueTimer;
    private @Nullable UpstreamConnection upstream;

    /** Whether a short body is being collected before a server is asked. */
    private boolean collecting;

    /** Whether this attempt had a byte of a response. */
    private boolean responded;

    /** Whether the server's connection takes no more, and only what it may have said is waited for. */
    private boolean deaf;

    /** Whether the server had to wait for the client to take the response. */
    private boolean clientWasSlow;

    /** Whether the attempt goes over a new connection since the one before was stale. */
    private boolean renewed;

    /** When the whole request was with the server of this attempt; valid once the response head is awaited. */
    private long sentNanos;

    /** Whether the response head is awaited, by a deadline that nothing but the head ends. */
    private boolean headAwaited;

    ProxiedExchange(Worker worker, ClientConnection client, ClientRequest request, Call call) {
        super(worker, client, request);
        ProxySettings settings = worker.settings();
        attempts = new Attempts(call, settings.queue(), settings.failureStatuses());
        sender = new RequestSender(worker, request, body);
        response = new ResponseRelay(this, this);
        continueTimer = new ContinueTimer(worker.loop());
    }

    @Override
    void begin(Input in) {
        if (worker.settings().requestBuffering() && sender.isShort() && request.framing() > in.size()) {
            collecting = true;
            tellContinue();
            clientSent(in);
            return;
        }
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
        tryWith(attempts.next(this::turnHasCome), in);
    }

    private void tryWith(@Nullable Attempt next, @Nullable Input in) {
        if (next != null) {
            renewed = false;
            connect(next, false, in);
        } else if (!attempts.isWaiting()) {
            finish();
        }
    }

    /** A server has become free for this request, or it has waited in vain. Called on any thread. */
    private void turnHasCome() {
        worker.loop()
                .execute(() -> guarded(() -> {
                    if (attempts.isWaiting()) {
                        tryWith(attempts.turned(), null);
                        client.resume();
                    }
                }));
    }

    /** Takes a connection and sends the request, now or when it is made. */
    private void connect(Attempt to, boolean fresh, @Nullable Input in) {
        UpstreamConnection taken = worker.pool().take(to.server(), to.instance(), fresh, sender.mayRepeat(true), this);
        upstream = taken;
        responded = false;
        deaf = false;
        clientWasSlow = false;
        headAwaited = false;
        response.restart();
        if (taken.isConnected()) {
            send(taken, in);
        }
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
            Ending how = Ending.of(UpstreamFault.RESET, phase(server));
            server.discard();
            attemptFailed(server, how, "");
            return;
        }
        deaf |= !sent; // it may have answered before it stopped to listen: its next event tells
        if (server.hasUnsent()) {
            client.listen(sender.isComplete());
            server.expectWithin(worker.settings().timeouts().writeStall());
        } else {
            awaitResponse(server);
        }
    }

    /** Sets how long the server may take; not at all where it is the client that has to go on, which is watched too. */
    private void awaitResponse(UpstreamConnection server) {
        if (holdsServerBack() || (!sender.isComplete() && !deaf)) {
            server.expectNothing();
        } else if (response.hasHead()) {
            if (response.maySilence() < 0) {
                server.expectNothing();
            } else {
                server.expectWithin(response.maySilence());
            }
        } else {
            if (!headAwaited) {
                headAwaited = true;
                sentNanos = worker.loop().now();
            }
            server.expectBy(sentNanos + worker.settings().timeouts().responseHead());
        }
    }

    @Override
    boolean awaitsClient() {
        return collecting || awaitsClient(upstream);
    }

    private boolean awaitsClient(@Nullable UpstreamConnection server) {
        return !sender.isComplete() && !deaf && server != null && server.isConnected() && !server.hasUnsent();
    }

    @Override
    void clientSent(Input in) {
        guarded(() -> sent(in));
    }

    private void sent(Input in) {
        UpstreamConnection server = upstream;
        try {
            if (collecting) {
                sender.collect(in);
                if (sender.isComplete()) {
                    collecting = false;
                    nextAttempt(in);
                }
            } else if (server != null && awaitsClient(server)) {
                afterSend(server, sender.feed(server, in));
            }
        } catch (BadMessageException e) {
            client.session().refuse(e);
        }
    }

    @Override
    public void connected() {
        guarded(() -> {
            UpstreamConnection server = upstream;
            if (server != null) {
                send(server, null);
                client.resume();
            }
        });
    }

    @Override
    public void drained() {
        guarded(() -> {
            UpstreamConnection server = upstream;
            if (server != null) {
                awaitResponse(server);
                client.resume();
            }
        });
    }

    @Override
    public void received(Input in) {
        guarded(() -> take(in));
    }

    private void take(Input in) {
        UpstreamConnection server = upstream;
        if (server == null) {
            return;
        }
        responded = true;
        boolean speaksHttp = response.hasHead() || ResponseRelay.mayBeHttp(in);
        try {
            ResponseRelay.Step step = response.received(in);
            if (response.hasHead()) {
                attempts.responded(response.serverStatus(), response.asksToComeBack());
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

    /** A client that does not take what it gets stops the server. */
    private void awaitMore(UpstreamConnection server) {
        boolean held = holdsServerBack();
        clientWasSlow |= held;
        server.listen(!held);
        if (!server.hasUnsent()) {
            awaitResponse(server);
        }
    }

    private boolean holdsServerBack() {
        return client.hasUnsent() && response.hasBegun();
    }

    @Override
    void clientDrained() {
        guarded(() -> {
            UpstreamConnection server = upstream;
            if (server != null && response.hasBegun()) {
                awaitMore(server);
            }
        });
    }

    @Override
    public void serverEnded() {
        guarded(() -> {
            UpstreamConnection server = upstream;
            if (server == null) {
                return;
            }
            switch (response.serverEnded()) {
                case COMPLETE -> complete(server, false);
                case HELD -> tryElsewhere(server, false);
                case STALE -> repeatStale(server);
                case MORE -> {
                    // a reset that a write has met reads as an end: the system tells of it once
                    Ending how = deaf ? Ending.of(UpstreamFault.RESET, phase(server)) : Ending.closed(phase(server));
                    server.discard();
                    attemptFailed(server, how, "");
                }
                case CLIENT_GONE -> {}
            }
        });
    }

    private Ending.Phase phase(UpstreamConnection server) {
        boolean unsent = server.leavesUnsent();
        boolean awaits = !sender.isComplete() && !deaf && !unsent;
        return new Ending.Phase(server.wasUsed(), responded, response.hasHead(), awaits, unsent, clientWasSlow);
    }

    private void complete(UpstreamConnection server, boolean nothingLeft) {
        attemptDone(server, nothingLeft);
        done();
    }

    private void attemptDone(UpstreamConnection server, boolean nothingLeft) {
        upstream = null;
        if (nothingLeft && sender.isComplete() && !deaf && response.serverKeeps()) {
            server.keptByServer(response.keptNanos());
            server.release();
        } else {
            server.discard();
        }
        responseRead();
    }

    /** The attempt ends before the client can know, so that its next request finds nothing of it in flight. */
    @Override
    public void responseRead() {
        attempts.responded(response.serverStatus(), response.asksToComeBack());
        attempts.completed(response.serverStatus(), response.asksToComeBack());
    }

    private void done() {
        continueTimer.stop();
        ends(Ending.COMPLETE);
        client.session().exchangeDone(response.clientKeeps());
    }

    @Override
    public boolean mayTryElsewhere() {
        return sender.isComplete() && sender.mayRepeat(true);
    }

    /** A 408 with close says that the server has given up on the connection, not on the request (RFC 9110 15.5.9). */
    @Override
    public boolean isStale(int status, boolean serverKeeps) {
        UpstreamConnection server = upstream;
        return status == 408
                && !serverKeeps
                && !renewed
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

    /** The server's answer is one that another server may better; if there is none, the client gets it. */
    private void tryElsewhere(UpstreamConnection server, boolean nothingLeft) {
        attemptDone(server, nothingLeft);
        response.keepHeld();
        Attempt next = attempts.nextAtOnce();
        if (next != null) {
            renewed = false;
            connect(next, false, null);
            client.resume();
        } else {
            finish();
        }
    }

    @Override
    public void failed(UpstreamFault fault) {
        guarded(() -> {
            UpstreamConnection server = upstream;
            if (server != null) {
                attemptFailed(server, Ending.of(fault, phase(server)), "");
            }
        });
    }

    /** The connection is closed, and the response is not complete. */
    private void attemptFailed(UpstreamConnection server, Ending how, String detail) {
        upstream = null;
        boolean written = server.hasWritten();
        boolean mayRepeat = !response.hasBegun() && sender.mayRepeat(written);
        Attempt current = attempts.current();
        if (how == Ending.STALE && mayRepeat && current != null && !renewed) {
            renewed = true;
            connect(current, true, null);
            client.resume();
            return;
        }
        attempts.ended(how, written, detail);
        if (response.hasBegun()) {
            explain(0, how, detail);
            cutClient(how);
        } else if (mayRepeat && how != Ending.INTERNAL_ERROR) {
            String failed = attempts.serverId();
            nextAttempt(null);
            if (upstream != null && (how == Ending.BAD_RESPONSE || how == Ending.NOT_HTTP)) {
                worker.settings().explanations().tell(Explanations.GOES_ON, how, request, failed, detail);
            }
            client.resume();
        } else {
            finish();
        }
    }

    private void cutClient(Ending how) {
        ends(how);
        client.cut();
    }

    @Override
    public void instanceLost() {
        guarded(() -> {
            UpstreamConnection server = upstream;
            if (server != null && !response.hasBegun() && sender.mayRepeat(server.hasWritten())) {
                upstream = null;
                attempts.ended(Ending.INSTANCE_LOST, server.hasWritten(), "");
                server.discard();
                nextAttempt(null);
                client.resume();
            }
        });
    }

    @Override
    void abandon() {
        UpstreamConnection server = upstream;
        upstream = null;
        collecting = false;
        if (server != null) {
            server.discard();
        }
        response.giveParserBack();
        continueTimer.stop();
        sender.drop();
        attempts.abandon();
    }

    @Override
    void deadlineOver() {
        guarded(() -> {
            Ending how = deadlineEnding();
            if (response.hasBegun()) {
                cutClient(how);
                return;
            }
            UpstreamConnection server = upstream;
            attempts.ended(how, server != null && server.hasWritten(), "");
            abandon();
            explain(how.status(), how, "");
            ends(how);
            answer(FailureResponses.of(how), how != Ending.CLIENT_TOO_SLOW);
        });
    }

    private Ending deadlineEnding() {
        if (attempts.isWaiting()) {
            return Ending.QUEUE_TIMEOUT;
        }
        if (awaitsClient()) {
            return Ending.CLIENT_TOO_SLOW;
        }
        if (response.hasBegun()) {
            return clientWasSlow ? Ending.CLIENT_NOT_READING : Ending.REQUEST_TIMEOUT;
        }
        long whole = worker.settings().timeouts().request().orElse(Long.MAX_VALUE);
        boolean serversTime = headAwaited && worker.loop().now() - sentNanos >= whole / 2;
        return serversTime ? Ending.SERVER_TOO_SLOW : Ending.REQUEST_TIMEOUT;
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

    @Override
    long buffered() {
        return sender.buffered() + response.buffered();
    }

    /** No other attempt is made: the client gets the last answer of a server, if there was one, or one of ours. */
    private void finish() {
        continueTimer.stop();
        response.giveParserBack();
        if (response.hasKept()) {
            if (response.passOnKept()) {
                done();
            }
            return;
        }
        Ending how = attempts.latest();
        LocalResponse last = attempts.answer();
        explain(last.status(), how, attempts.detail());
        ends(how);
        answer(last, true);
    }

    private void explain(int status, Ending how, String detail) {
        worker.settings().explanations().tell(status, how, request, attempts.serverId(), detail);
    }
}
