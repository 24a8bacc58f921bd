package io.github.lbkit.http.internal.client.async;

import io.github.lbkit.http.internal.client.ClientAttempt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * A handler that notes in the attempt when its request is sent and when it waits for its server. Confined to one thread
 * at a time.
 */
final class TimedExchangeHandler implements AsyncClientExchangeHandler {
    private final AsyncClientExchangeHandler handler;
    private final ClientAttempt attempt;

    TimedExchangeHandler(AsyncClientExchangeHandler handler, ClientAttempt attempt) {
        this.handler = handler;
        this.attempt = attempt;
    }

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        attempt.markSent();
        attempt.beginWait();
        handler.produceRequest(channel, context);
    }

    @Override
    public void consumeResponse(HttpResponse response, @Nullable EntityDetails entity, HttpContext context)
            throws HttpException, IOException {
        attempt.beginWait(); // for the body, unless the caller receives the response now
        handler.consumeResponse(response, entity, context);
    }

    @Override
    public void consumeInformation(HttpResponse response, HttpContext context) throws HttpException, IOException {
        handler.consumeInformation(response, context);
    }

    @Override
    public int available() {
        return handler.available();
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        TimedRequestChannel body = new TimedRequestChannel(channel);
        handler.produce(body);
        if (attempt.hasResponded()) {
            return;
        }
        if (body.waitsForServer()) {
            attempt.beginWait();
        } else {
            attempt.endWait();
        }
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        handler.updateCapacity(channel);
    }

    @Override
    public void consume(ByteBuffer from) throws IOException {
        handler.consume(from);
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        handler.streamEnd(trailers);
    }

    @Override
    public void cancel() {
        handler.cancel();
    }

    @Override
    public void failed(Exception cause) {
        handler.failed(cause);
    }

    @Override
    public void releaseResources() {
        handler.releaseResources();
    }
}
