package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.outcome.Ending;
import io.github.lbkit.http.internal.upstream.ProxiedClient;
import io.github.lbkit.http.internal.upstream.UpstreamConnection;
import io.github.lbkit.http.internal.upstream.UpstreamFault;
import io.github.lbkit.http.internal.upstream.UpstreamListener;
import io.github.lbkit.http.internal.wire.BadMessageException;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of a proxied exchange: it sends the request over one connection, and relays the response. One
 * object serves all attempts of a request, one after the other. Confined to its loop.
 */
final class ServerExchange implements UpstreamListener {
    private final Exchange exchange;
    private final Outcome outcome;
    private final ClientStream stream;
    private final Forwarding forwarding;
    private final EventLoop loop;
    private final TimeoutNanos timeouts;
    private final RequestSender sender;
    private final ResponseRelay response;
    private final AttemptProgress progress;

    /** The connection of the current attempt; null between attempts. */
    private @Nullable UpstreamConnection connection;

    /** The receiver of the result of an attempt. The attempt has no connection any more when a method is called. */
    interface Outcome {
        /** Handles a complete response that was passed on. */
        void completed();

        /** Handles a complete response that is held, because another server may be tried. */
        void held();

        /**
         * Handles a failure before the response was complete.
         *
         * @param written whether a byte of the request was written to the server
         * @param detail details about the failure; empty if there are none
         */
        void failed(Ending how, boolean written, String detail);

        /**
         * Handles that the server has switched protocols.
         *
         * @param server the connection, which belongs to the receiver from now on
         * @param in the bytes of the tunnel that came with the response
         */
        void switched(UpstreamConnection server, Input in);

        /** Handles that the final head of a response was received. Called for each event after the head. */
        void headReceived();
    }

    ServerExchange(
            Exchange exchange, Outcome outcome, Forwarding forwarding, RequestSender sender, ResponseRelay response) {
        this.exchange = exchange;
        this.outcome = outcome;
        this.stream = exchange.stream;
        this.forwarding = forwarding;
        this.sender = sender;
        this.response = response;
        loop = forwarding.loop();
        timeouts = forwarding.settings().timeouts();
        progress = new AttemptProgress(timeouts);
    }

    /**
     * Takes a connection, and sends the request as soon as the connection is made.
     *
     * @param fresh whether the connection must be new
     */
    void connect(Attempt to, boolean fresh) {
        boolean unused = fresh || sender.needsFreshConnection();
        UpstreamConnection taken =
                forwarding.upstreams().take(to.server(), to.instance(), unused, sender.mayRepeat(true), this);
        connection = taken;
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
            exchange.refuse(e);
        }
    }

    private void sent(UpstreamConnection server, boolean succeeded) {
        if (!succeeded && !server.hasWritten()) {
            fail(server, Ending.of(UpstreamFault.RESET, phase(server)), "");
            return;
        }
        // after a failed write, the next event of the server shows whether it has responded before
        progress.wrote(succeeded);
        if (server.hasUnsent()) {
            stream.listen(sender.isComplete());
            server.setTimeout(timeouts.writeStall());
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

    /** Returns whether the server waits for more of the body. */
    boolean awaitsBody() {
        UpstreamConnection server = connection;
        return !sender.isComplete()
                && !progress.hasWriteFailed()
                && server != null
                && server.isConnected()
                && !server.hasUnsent();
    }

    /** Sends the bytes of the body at hand, if the server waits for them. */
    void sendBody() throws BadMessageException {
        UpstreamConnection server = connection;
        if (server != null && awaitsBody()) {
            sent(server, sender.sendBody(server));
        }
    }

    @Override
    public void connected() {
        exchange.guard(() -> {
            UpstreamConnection server = connection;
            if (server != null) {
                send(server);
                stream.resume();
            }
        });
    }

    @Override
    public void drained() {
        exchange.guard(() -> {
            UpstreamConnection server = connection;
            if (server != null) {
                awaitResponse(server);
                stream.resume();
            }
        });
    }

    @Override
    public void received(Input in) {
        exchange.guard(() -> relay(in));
    }

    private void relay(Input in) {
        UpstreamConnection server = connection;
        if (server == null) {
            return;
        }
        progress.responded();
        boolean speaksHttp = response.hasHead() || ResponseRelay.mayBeHttp(in);
        try {
            ResponseRelay.Step step = response.received(in);
            if (response.hasHead()) {
                outcome.headReceived();
            }
            if (step == ResponseRelay.Step.SWITCHED) {
                connection = null;
                outcome.switched(server, in);
            } else {
                proceed(server, step, in.isEmpty());
            }
        } catch (BadMessageException e) {
            fail(server, speaksHttp ? Ending.BAD_RESPONSE : Ending.NOT_HTTP, e.reason());
        }
    }

    private void proceed(UpstreamConnection server, ResponseRelay.Step step, boolean inputConsumed) {
        switch (step) {
            case COMPLETE -> {
                end(server, inputConsumed);
                outcome.completed();
            }
            case HELD -> {
                end(server, inputConsumed);
                outcome.held();
            }
            case STALE -> fail(server, Ending.STALE, "408");
            case WRONG_SWITCH -> fail(server, Ending.BAD_UPGRADE, "");
            case MORE -> awaitMore(server);
            case CLIENT_GONE, SWITCHED -> {}
        }
    }

    /** Ends the attempt after a complete response, and keeps the connection if the server does. */
    private void end(UpstreamConnection server, boolean inputConsumed) {
        connection = null;
        boolean reusable = inputConsumed && sender.isComplete() && !progress.hasWriteFailed();
        if (reusable && response.serverKeepsAlive()) {
            server.release(response.keepAliveNanos());
        } else {
            server.discard();
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

    /** Handles that the client has taken everything that was sent. */
    void clientDrained() {
        UpstreamConnection server = connection;
        if (server != null && response.hasBegun()) {
            awaitMore(server);
        }
    }

    @Override
    public void serverClosed(boolean truncated) {
        exchange.guard(() -> {
            UpstreamConnection server = connection;
            if (server == null) {
                return;
            }
            ResponseRelay.Step step = truncated ? ResponseRelay.Step.MORE : response.serverClosed();
            if (step != ResponseRelay.Step.MORE) {
                proceed(server, step, false);
                return;
            }
            // the operating system reports a reset once: where a write has met it, the read reports an end
            boolean reset = progress.hasWriteFailed();
            fail(server, reset ? Ending.of(UpstreamFault.RESET, phase(server)) : Ending.closed(phase(server)), "");
        });
    }

    private Ending.Phase phase(UpstreamConnection server) {
        return progress.phase(server, response.hasHead(), sender.isComplete());
    }

    @Override
    public void failed(UpstreamFault fault) {
        exchange.guard(() -> {
            UpstreamConnection server = connection;
            if (server != null) {
                fail(server, Ending.of(fault, phase(server)), server.faultDetail());
            }
        });
    }

    private void fail(UpstreamConnection server, Ending how, String detail) {
        connection = null;
        server.discard();
        outcome.failed(how, server.hasWritten(), detail);
    }

    @Override
    public void instanceLost() {
        exchange.guard(() -> {
            UpstreamConnection server = connection;
            if (server != null && !response.hasBegun() && sender.mayRepeat(server.hasWritten())) {
                fail(server, Ending.INSTANCE_LOST, "");
            }
        });
    }

    @Override
    public @Nullable ProxiedClient client() {
        return stream.proxied();
    }

    /** Ends the attempt without a result. */
    void abandon() {
        UpstreamConnection server = connection;
        connection = null;
        if (server != null) {
            server.discard();
        }
    }

    /** Returns whether an attempt is in progress. */
    boolean isInProgress() {
        return connection != null;
    }

    /** Returns whether a byte of the request was written to the server of the current attempt. */
    boolean hasWritten() {
        UpstreamConnection server = connection;
        return server != null && server.hasWritten();
    }

    /** Returns whether an earlier request used the connection of the current attempt. */
    boolean usesOldConnection() {
        UpstreamConnection server = connection;
        return server != null && server.wasUsed();
    }

    /** Returns whether the response had to wait because the client did not read. */
    boolean wasClientSlow() {
        return progress.wasClientSlow();
    }

    /** Returns whether the server has had the request for at least half of the timeout of the whole request. */
    boolean serverHadMostOfTheTime() {
        return progress.serverHadMostOfTheTime(loop.now());
    }
}
