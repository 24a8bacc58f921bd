package io.github.lbkit.http.internal.h1;

import io.github.lbkit.http.internal.admission.ClientConnections;
import io.github.lbkit.http.internal.body.BodyReader;
import io.github.lbkit.http.internal.exchange.ClientRequest;
import io.github.lbkit.http.internal.exchange.Exchange;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.outcome.Ending;
import io.github.lbkit.http.internal.outcome.FailureResponses;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of one HTTP/1.1 connection: requests one after the other, each as an exchange. A bounded number of bytes
 * of pipelined requests waits. Confined to its loop.
 */
final class Http1Session {
    private final Http1Context context;
    private final ClientConnections connections;
    private final Http1Connection connection;
    private final InetAddress peer;
    private final RequestReader reader;
    private final Http1Stream stream;
    private Phase phase = Phase.IDLE;
    private @Nullable Exchange exchange;

    /** The body that is dropped in phase DISCARD; null in other phases. */
    private @Nullable DiscardedBody discarded;

    /** The state of phase LINGER; null in other phases. */
    private @Nullable Linger linger;

    private enum Phase {
        /** Between requests. */
        IDLE,
        /** A part of a head was received. */
        HEAD,
        /** A request is in progress. */
        EXCHANGE,
        /** The response was sent. The rest of the request's body is read and dropped. */
        DISCARD,
        /** The last response was sent. All input is dropped, so that the client can read the response. */
        LINGER
    }

    Http1Session(Http1Context context, ClientConnections connections, Http1Connection connection, InetAddress peer) {
        this.context = context;
        this.connections = connections;
        this.connection = connection;
        this.peer = peer;
        reader = new RequestReader(context, peer, connection.transport());
        stream = new Http1Stream(context, connections, connection, this);
    }

    boolean isInExchange() {
        return phase == Phase.EXCHANGE;
    }

    /** Returns whether a byte of the final response of the current request may have been sent. */
    boolean hasResponded() {
        Exchange current = exchange;
        return current != null && current.hasResponded();
    }

    /** Returns whether the current request has become a tunnel. */
    boolean isTunnel() {
        Exchange current = exchange;
        return current != null && current.isTunnel();
    }

    /** Handles that the client of a tunnel has ended its direction, after the last byte was read. */
    void clientEnded() {
        Exchange current = exchange;
        if (current != null) {
            current.clientEnded();
        }
    }

    /** Returns whether the last response was sent, and all input is dropped. */
    boolean isLingering() {
        return phase == Phase.LINGER;
    }

    /** The work left after a client has closed its side. */
    enum WorkLeft {
        /** A request must be answered, or a response must be written. */
        SOME,
        /** All requests are answered, and all responses are written. */
        NONE,
        /** The current request will never be complete, or its response has no end. */
        UNANSWERABLE
    }

    /**
     * Returns the work left after the client has closed its side.
     *
     * @param hasInput whether bytes of the client were not consumed
     */
    WorkLeft workLeft(boolean hasInput) {
        Exchange current = exchange;
        if (phase == Phase.EXCHANGE && current != null) {
            boolean incomplete = !hasInput && !stream.isBodyComplete();
            return incomplete || current.isEndless() ? WorkLeft.UNANSWERABLE : WorkLeft.SOME;
        }
        return connection.hasUnsent() ? WorkLeft.SOME : WorkLeft.NONE;
    }

    /** Returns whether nothing goes on until the client sends more of a body. */
    boolean awaitsBody() {
        Exchange current = exchange;
        return phase == Phase.DISCARD || (current != null && current.awaitsBody());
    }

    /** Returns the number of bytes of the current request's body received so far. */
    long bodyReceived() {
        if (exchange != null) {
            BodyReader body = stream.body();
            return body == null ? 0 : body.received();
        }
        return discarded == null ? 0 : discarded.received();
    }

    /** Returns the number of bytes that the exchange holds. */
    long bufferedBytes() {
        Exchange current = exchange;
        return current == null ? 0 : current.bufferedBytes();
    }

    /** Handles the input as far as possible now. */
    void receive(Input in) {
        stream.input(in);
        try {
            boolean goesOn = true;
            while (goesOn && !connection.isClosed()) {
                goesOn = switch (phase) {
                    case IDLE, HEAD -> readHead(in);
                    case EXCHANGE -> offerBody(in);
                    case DISCARD -> discard(in);
                    case LINGER -> linger(in);
                };
            }
        } finally {
            stream.input(null);
        }
    }

    private boolean readHead(Input in) {
        if (connection.hasUnsent()) {
            boundPipelined(in); // a client that does not read its responses gets no further ones
            return false;
        }
        if (in.isEmpty()) {
            return false;
        }
        try {
            ClientRequest request = reader.read(in);
            if (phase == Phase.IDLE && (request != null || reader.started())) {
                phase = Phase.HEAD;
                connections.notIdle(connection);
                connection.requestBegan();
                connection.setTimeout(context.settings().timeouts().requestHead());
            }
            if (request == null) {
                return false;
            }
            begin(request);
        } catch (BadMessageException e) {
            context.logs().refusals().refused(e);
            refuseHead(e.status());
        }
        return true;
    }

    private void begin(ClientRequest request) {
        phase = Phase.EXCHANGE;
        connections.exchangeBegan();
        stream.begin(request);
        try {
            request.check(context.settings().via(), context.settings().limits());
            stream.expectBody();
            if (context.loop().budget().isTight()) {
                refuseForWantOfBuffers(request);
                return;
            }
            Exchange begun = context.exchanges().create(stream, request);
            exchange = begun;
            begun.begin();
        } catch (BadMessageException e) {
            failedExchange(request).refuse(e);
        } catch (Throwable e) { // of application code or of this project: it fails this request alone
            if (phase == Phase.EXCHANGE && exchange == null) {
                failedExchange(request);
            }
            crashed(e);
        }
    }

    /** Begins an exchange for a response that is sent before the exchange of the request exists. */
    private Exchange failedExchange(ClientRequest request) {
        Exchange failed = context.exchanges().refused(stream, request, FailureResponses.of(Ending.INTERNAL_ERROR));
        exchange = failed;
        return failed;
    }

    private void refuseForWantOfBuffers(ClientRequest request) {
        Exchange failed = failedExchange(request);
        context.logs().failures().failed(503, Ending.BUFFERS_FULL, request.view(), null, "");
        failed.fail(Ending.BUFFERS_FULL, FailureResponses.of(Ending.BUFFERS_FULL));
    }

    /** Handles that the code of an event has thrown. The current exchange fails. */
    void crashed(Throwable cause) {
        Exchange current = exchange;
        if (current != null) {
            current.crashed(cause);
        } else {
            context.logs().failures().crashed(null, cause);
            connection.cut(); // the exchange was over
        }
    }

    private void refuseHead(int status) {
        reader.release();
        ByteSink out = context.output().cleared();
        context.responses().put(FailureResponses.of(status), null, false, out);
        Ending how = status == 408 ? Ending.HEAD_TIMEOUT : Ending.BAD_REQUEST;
        context.logs().access().refused(peer, status, how);
        if (connection.write(out)) {
            beginLinger();
        }
    }

    private boolean offerBody(Input in) {
        Exchange current = exchange;
        if (current != null) {
            current.bodyAvailable();
        }
        if (phase == Phase.EXCHANGE) {
            boundPipelined(in);
            return false;
        }
        return true;
    }

    /** Stops reading where the bytes of pipelined requests exceed their limit. */
    private void boundPipelined(Input in) {
        if (in.size() > context.settings().limits().pipelined()) {
            connection.listen(false);
        }
    }

    /** Handles that the response of the current exchange is complete. */
    void exchangeDone(boolean keepAlive) {
        Exchange done = exchange;
        if (done == null) {
            return;
        }
        BodyReader body = stream.body();
        endExchange(done);
        if (!keepAlive) {
            beginLinger();
        } else if (body != null && !body.isComplete()) {
            phase = Phase.DISCARD;
            discarded = new DiscardedBody(body);
            connection.resume();
        } else {
            beginIdle();
        }
    }

    private void endExchange(Exchange done) {
        exchange = null;
        stream.clear();
        connections.exchangeEnded();
        if (done.isTunnel()) {
            connections.tunnelEnded();
        }
        context.logs().access().ended(done, context.loop().now());
        context.parsers().release(done.request().parser());
        connection.requestEnded();
    }

    private void beginIdle() {
        phase = Phase.IDLE;
        if (!connection.hasUnsent()) {
            connections.idle(connection);
        }
        connection.setTimeout(context.settings().timeouts().clientIdle());
        connection.resume();
    }

    private boolean discard(Input in) {
        DiscardedBody rest = discarded;
        switch (rest == null ? DiscardedBody.State.COMPLETE : rest.drop(in)) {
            case INCOMPLETE -> {
                return false;
            }
            case COMPLETE -> beginIdle();
            case UNUSABLE -> beginLinger();
        }
        discarded = null;
        return true;
    }

    private void beginLinger() {
        phase = Phase.LINGER;
        linger = new Linger(context.settings().timeouts().clientIdle());
        connections.notIdle(connection);
        connection.resume();
        if (!connection.hasUnsent()) {
            endOutput(linger);
        }
    }

    private void endOutput(Linger current) {
        connection.endOutput();
        connection.setTimeout(current.beginWindow());
    }

    private boolean linger(Input in) {
        if (linger != null) {
            linger.drop(in);
        }
        return false;
    }

    /**
     * Handles that the proxy stops. An endless exchange ends now. A connection whose client does not know of the end
     * stays open for one more request, which may be on its way.
     */
    void stop() {
        Exchange current = exchange;
        if (phase == Phase.EXCHANGE && current != null) {
            current.stopping();
        }
    }

    /** Handles that the client has taken everything that was sent. */
    void drained() {
        Exchange current = exchange;
        switch (phase) {
            case EXCHANGE -> {
                connection.watchProgress();
                if (current != null) {
                    current.clientDrained();
                }
            }
            case LINGER -> {
                if (linger != null) {
                    endOutput(linger);
                }
            }
            case IDLE -> beginIdle();
            case HEAD, DISCARD -> {}
        }
    }

    /** Handles that the client has exceeded the timeout of the current phase. */
    void timedOut() {
        Exchange current = exchange;
        switch (phase) {
            case HEAD -> refuseHead(408);
            case EXCHANGE -> {
                if (current != null) {
                    current.fail(Ending.BODY_TIMEOUT, FailureResponses.of(Ending.BODY_TIMEOUT));
                }
            }
            case IDLE -> {
                if (!connection.hasUnsent()) { // a client that still reads the last response is not idle
                    connection.close();
                }
            }
            case LINGER -> {
                if (linger != null && linger.endWindow()) {
                    connection.setTimeout(linger.beginWindow());
                } else {
                    connection.close();
                }
            }
            case DISCARD -> connection.close();
        }
    }

    /** Handles that the client has exceeded the timeout of the TLS handshake. */
    void handshakeTimedOut() {
        context.logs().handshakes().failed(peer, "it did not complete the TLS handshake in time");
        connection.close();
    }

    /** Handles that the timeout of the whole request has passed. */
    void requestTimedOut() {
        Exchange current = exchange;
        if (current != null) {
            current.requestTimedOut();
        } else if (phase == Phase.HEAD) {
            refuseHead(408);
        }
    }

    /** Handles the end of the connection. The current exchange ends with it. */
    void end(Ending why) {
        Exchange current = exchange;
        if (current != null) {
            current.endAs(why);
            try {
                current.abandon();
            } finally {
                endExchange(current);
            }
        }
        reader.release();
    }
}
