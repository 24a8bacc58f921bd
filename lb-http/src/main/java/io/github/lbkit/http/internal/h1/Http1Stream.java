package io.github.lbkit.http.internal.h1;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.admission.ClientConnections;
import io.github.lbkit.http.internal.body.BodyReader;
import io.github.lbkit.http.internal.body.BodySink;
import io.github.lbkit.http.internal.exchange.ClientRequest;
import io.github.lbkit.http.internal.exchange.ClientStream;
import io.github.lbkit.http.internal.loop.Input;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.upstream.ProxiedClient;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.body.ChunkEncoder;
import io.github.lbkit.http.internal.wire.body.Framing;
import io.github.lbkit.http.internal.wire.body.Trailers;
import io.github.lbkit.http.internal.wire.write.HeadWriter;
import io.github.lbkit.http.internal.wire.write.StatusLine;
import org.jspecify.annotations.Nullable;

/**
 * The current request of an HTTP/1.1 connection, and its response. One object serves all requests of a connection, one
 * after the other. Confined to its loop.
 */
final class Http1Stream implements ClientStream {
    private final Http1Context context;
    private final ClientConnections connections;
    private final Http1Connection connection;
    private final Http1Session session;
    private @Nullable ClientRequest request;

    /** The body of the request; null if it has none. */
    private @Nullable BodyReader body;

    /** The input of the current event of the connection; null outside such an event. */
    private @Nullable Input input;

    /** The parts of the response that were put and not sent; null if there are none. */
    private @Nullable ByteSink out;

    /** True if the client has received an interim response 100. */
    private boolean continued;

    private boolean closesAfterResponse;

    /** True if the connection is used for further requests, as the head of the response said. */
    private boolean keepAlive;

    /** The framing of the response's body as it is sent. */
    private long framing;

    Http1Stream(Http1Context context, ClientConnections connections, Http1Connection connection, Http1Session session) {
        this.context = context;
        this.connections = connections;
        this.connection = connection;
        this.session = session;
    }

    /** Begins with another request. */
    void begin(ClientRequest next) {
        request = next;
        body = null;
        out = null;
        continued = false;
        closesAfterResponse = false;
        keepAlive = false;
        framing = Framing.NONE;
    }

    /** Expects the body of the request, whose framing was determined. */
    void expectBody() {
        ClientRequest current = request();
        if (current.hasBody()) {
            body = BodyReader.ofRequest(current.framing(), context.settings().limits());
        }
    }

    /** Sets the input of the current event; null after the event. */
    void input(@Nullable Input current) {
        input = current;
    }

    /** Returns the body of the request; null if it has none. */
    @Nullable
    BodyReader body() {
        return body;
    }

    /** Forgets the request. */
    void clear() {
        request = null;
        body = null;
        out = null;
    }

    private ClientRequest request() {
        ClientRequest current = request;
        if (current == null) {
            throw new IllegalStateException("no request is in progress on this connection");
        }
        return current;
    }

    @Override
    public void readBody(BodySink to) throws BadMessageException {
        if (body != null && input != null) {
            body.read(input, to);
        }
    }

    @Override
    public int availableBytes() {
        return input == null ? 0 : input.size();
    }

    @Override
    public boolean isBodyComplete() {
        return body == null || body.isComplete();
    }

    @Override
    public @Nullable Head trailers() {
        return body == null ? null : body.trailers();
    }

    @Override
    public void listen(boolean on) {
        connection.listen(on);
    }

    @Override
    public void resume() {
        connection.resume();
    }

    @Override
    public void sendContinue() {
        if (request().expectsContinue() && !continued && bodyReceived() == 0) {
            continued = true;
            ByteSink bytes = context.output().cleared();
            StatusLine.put(100, bytes);
            bytes.crlf();
            connection.write(bytes);
        }
    }

    private long bodyReceived() {
        return body == null ? 0 : body.received();
    }

    @Override
    public void sendInterim(Head head) {
        boolean isContinue = head.status() == 100;
        if (request().isHttp10() || (isContinue && continued)) {
            return;
        }
        continued |= isContinue;
        ByteSink bytes = context.output().cleared();
        HeadWriter.writeResponse(head, Framing.NONE, bytes);
        bytes.crlf();
        connection.write(bytes);
    }

    @Override
    public void putHead(Head head, long from) {
        framing = sentFraming(from);
        keepAlive = framing != Framing.TO_CLOSE && mayKeepAlive();
        context.responses().putHead(head, framing, request(), keepAlive, newOutput());
    }

    private long sentFraming(long from) {
        if (from == Framing.CHUNKED || from == Framing.TO_CLOSE) {
            return request().isHttp10() ? Framing.TO_CLOSE : Framing.CHUNKED;
        }
        return from;
    }

    @Override
    public void putSwitch(Head head) {
        framing = Framing.NONE;
        keepAlive = false;
        context.responses().putSwitch(head, request(), newOutput());
    }

    @Override
    public void startTunnel() {
        body = BodyReader.ofTunnel();
        framing = Framing.TO_CLOSE;
        connections.tunnelBegan();
        connection.requestEnded();
        connection.resume();
    }

    @Override
    public void endOutput() {
        connection.endOutput();
    }

    @Override
    public void putHead(LocalResponse response) {
        framing = sentFraming(Framing.CHUNKED);
        keepAlive = framing != Framing.TO_CLOSE && mayKeepAlive();
        context.responses().putStreamedHead(response, request(), keepAlive, newOutput());
        connection.settleEnd();
    }

    @Override
    public long putResponse(LocalResponse response) {
        keepAlive = mayKeepAlive();
        return context.responses().put(response, request(), keepAlive, newOutput());
    }

    /** Returns whether the connection can be used for another request after this one. */
    private boolean mayKeepAlive() {
        ClientRequest current = request();
        if (closesAfterResponse || !current.keepAlive() || connections.isStopping()) {
            return false;
        }
        BodyReader rest = body;
        if (rest == null || rest.isComplete()) {
            return true;
        }
        boolean clientMaySkipBody = current.expectsContinue() && !continued && rest.received() == 0;
        return !clientMaySkipBody && rest.remaining() <= ClientRequest.MAX_DISCARDED_BODY;
    }

    private ByteSink newOutput() {
        ByteSink bytes = context.output().cleared();
        out = bytes;
        return bytes;
    }

    private ByteSink output() {
        ByteSink bytes = out;
        return bytes == null ? newOutput() : bytes;
    }

    @Override
    public void data(byte[] bytes, int from, int to) {
        if (framing == Framing.CHUNKED) {
            ChunkEncoder.putChunk(output(), bytes, from, to);
        } else {
            output().put(bytes, from, to);
        }
    }

    @Override
    public void end(@Nullable Head trailers) {
        if (framing == Framing.CHUNKED) {
            if (trailers == null || !Trailers.areAcceptedBy(request().head())) {
                ChunkEncoder.putLastChunk(output());
            } else {
                Trailers.putLastChunk(trailers, output());
            }
        }
    }

    @Override
    public boolean flush() {
        ByteSink bytes = output();
        out = null;
        return connection.write(bytes);
    }

    @Override
    public void discard() {
        out = null;
    }

    @Override
    public void closeAfterResponse() {
        closesAfterResponse = true;
    }

    @Override
    public void done() {
        session.exchangeDone(keepAlive);
    }

    @Override
    public void reset() {
        connection.cut();
    }

    @Override
    public boolean isBlocked() {
        return connection.hasUnsent();
    }

    @Override
    public boolean isPaused() {
        return connection.isPaused();
    }

    @Override
    public boolean isClosed() {
        return connection.isClosed();
    }

    @Override
    public boolean isStopping() {
        return connections.isStopping();
    }

    @Override
    public @Nullable ProxiedClient proxied() {
        return connection.proxied();
    }

    @Override
    public Timer timer(Runnable action) {
        return connection.newTimer(action);
    }
}
