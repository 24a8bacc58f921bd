package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.body.BodySink;
import io.github.lbkit.http.internal.local.Route;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.outcome.Ending;
import io.github.lbkit.http.internal.outcome.ExchangeLogs;
import io.github.lbkit.http.internal.outcome.FailureResponses;
import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.ByteSink;
import io.github.lbkit.http.internal.wire.Head;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that a route of the proxy answers. The guard may answer first; then the body is collected, and the
 * handler answers with a complete response or with a stream.
 */
final class LocalExchange extends Exchange implements BodySink, LocalBodyStream.Output {
    private static final int INITIAL_CAPACITY = 256;

    private final LocalSettings settings;
    private final EventLoop loop;
    private final Route route;
    private final LocalBodyStream bodyStream;
    private final ByteSink collected = new ByteSink(INITIAL_CAPACITY);

    /** True if the body exceeds the limit of the route, and its rest is not read. */
    private boolean truncated;

    /** True if the handler has the request. */
    private boolean handled;

    /** True if the head of the response was sent, or the exchange was abandoned. */
    private boolean responded;

    /** True if a streamed response has begun and not ended. */
    private boolean streaming;

    private int streamedStatus;
    private long streamedBytes;

    LocalExchange(
            ClientStream stream,
            ClientRequest request,
            ExchangeLogs logs,
            LocalSettings settings,
            EventLoop loop,
            Route route) {
        super(stream, request, logs);
        this.settings = settings;
        this.loop = loop;
        this.route = route;
        bodyStream = new LocalBodyStream(loop, this);
    }

    @Override
    public void begin() {
        Optional<LocalResponse> refusal = settings.guard().apply(request.view());
        if (refusal.isPresent()) {
            finish(refusal.get());
            return;
        }
        if (request.hasBody() && stream.availableBytes() == 0) {
            stream.sendContinue();
        }
        if (!responded) {
            bodyAvailable();
        }
    }

    @Override
    public void bodyAvailable() {
        if (handled) {
            return;
        }
        try {
            stream.readBody(this);
        } catch (BadMessageException e) {
            refuse(e);
            return;
        }
        truncated = collected.size() > route.maxBody();
        if (truncated || stream.isBodyComplete()) {
            handle();
        }
    }

    @Override
    public void data(byte[] bytes, int from, int to) {
        collected.put(bytes, from, to);
    }

    @Override
    public void end(@Nullable Head trailers) {}

    private void handle() {
        handled = true;
        byte[] body = Arrays.copyOf(collected.array(), Math.min(collected.size(), route.maxBody()));
        LocalRequest local = new LocalRequest(request.detachedView(), body, truncated);
        boolean accepted = settings.handlers()
                .submit(
                        route.handler(),
                        local,
                        bodyStream,
                        response -> loop.execute(() -> guard(() -> handled(response))));
        if (!accepted) {
            logs.failures().failed(503, Ending.HANDLERS_BUSY, request.view(), null, "");
            endAs(Ending.HANDLERS_BUSY);
            finish(FailureResponses.of(Ending.HANDLERS_BUSY));
        }
    }

    /** Handles the result of the handler. */
    private void handled(LocalResponse response) {
        if (responded || request.isHead() || stream.isStopping() || !bodyStream.begin()) {
            finish(response);
        } else {
            beginStreaming(response);
        }
    }

    private void finish(LocalResponse response) {
        bodyStream.close();
        if (!responded) {
            responded = true;
            closeIfTruncated();
            respond(response);
        }
    }

    private void closeIfTruncated() {
        if (truncated) {
            stream.closeAfterResponse();
        }
    }

    private void beginStreaming(LocalResponse response) {
        responded = true;
        streaming = true;
        streamedStatus = response.status();
        closeIfTruncated();
        stream.putHead(response);
        sendData(response.body());
    }

    @Override
    public void send(byte[] bytes) {
        if (streaming) {
            sendData(bytes);
        }
    }

    private void sendData(byte[] bytes) {
        streamedBytes += bytes.length;
        responded(streamedStatus, streamedBytes);
        if (bytes.length > 0) {
            stream.data(bytes, 0, bytes.length);
        }
        if (stream.flush() && !stream.isBlocked()) {
            bodyStream.drained();
        }
    }

    @Override
    public void endStream() {
        if (streaming) {
            streaming = false;
            bodyStream.close();
            stream.end(null);
            if (stream.flush()) {
                finished();
            }
        }
    }

    @Override
    public void clientDrained() {
        if (streaming) {
            bodyStream.drained();
        }
    }

    @Override
    public boolean isEndless() {
        return streaming;
    }

    @Override
    public void stopping() {
        endStream();
    }

    @Override
    public boolean awaitsBody() {
        return !handled && !responded;
    }

    @Override
    public void requestTimedOut() {
        if (streaming) {
            endAs(Ending.REQUEST_TIMEOUT);
            stream.reset();
        } else if (handled) {
            endAs(Ending.REQUEST_TIMEOUT);
            finish(FailureResponses.of(Ending.REQUEST_TIMEOUT));
        } else {
            responded = true;
            endAs(Ending.CLIENT_TOO_SLOW);
            stream.closeAfterResponse();
            respond(FailureResponses.of(Ending.CLIENT_TOO_SLOW));
        }
    }

    @Override
    public long bufferedBytes() {
        return collected.size();
    }

    @Override
    public void abandon() {
        responded = true;
        streaming = false;
        bodyStream.close();
    }

    @Override
    public boolean hasResponded() {
        return responded;
    }
}
