package io.github.lbkit.http.internal.client.async;

import io.github.lbkit.http.internal.client.ClientAttempt;
import java.io.IOException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.entity.DiscardingEntityConsumer;
import org.jspecify.annotations.Nullable;

/** The callback of one attempt of an asynchronous client. Ends the attempt once. Confined to one thread at a time. */
final class AttemptCallback implements AsyncExecCallback {
    private final AsyncExchange exchange;
    private final ClientAttempt attempt;
    private final AsyncRuntime runtime;
    private boolean handedOver;
    private boolean discarded;
    private boolean over;
    private @Nullable BufferedResponse held;

    AttemptCallback(AsyncExchange exchange, ClientAttempt attempt, AsyncRuntime runtime) {
        this.exchange = exchange;
        this.attempt = attempt;
        this.runtime = runtime;
    }

    @Override
    public @Nullable AsyncDataConsumer handleResponse(HttpResponse response, @Nullable EntityDetails entity)
            throws HttpException, IOException {
        attempt.responded(response);
        boolean mayRetry = exchange.attempts().rule().mayRetrySent();
        if (attempt.isFailureResponse() && mayRetry && exchange.attempts().hasNext()) {
            discarded = true;
            return entity == null ? null : new DiscardingEntityConsumer<>();
        }
        if (entity != null && mayRetry && exchange.settings().holds(entity.getContentLength())) {
            held = new BufferedResponse(response, entity);
            return held;
        }
        if (!attempt.handOver()) {
            throw new ConnectionClosedException("the server was lost");
        }
        handedOver = true;
        attempt.endWait();
        if (entity == null) {
            attempt.completed(); // before the caller sees the end of the response
        }
        return tracked(() -> exchange.callback().handleResponse(response, entity));
    }

    private @Nullable AsyncDataConsumer tracked(TrackedConsumer.Source source) throws HttpException, IOException {
        try {
            AsyncDataConsumer consumer = source.get();
            return consumer == null ? null : new TrackedConsumer(consumer, attempt);
        } catch (HttpException | IOException | RuntimeException e) {
            attempt.abandoned(); // the caller's code failed, not the server
            throw e;
        }
    }

    @Override
    public void handleInformationResponse(HttpResponse response) throws HttpException, IOException {
        exchange.callback().handleInformationResponse(response);
    }

    @Override
    public void completed() {
        if (over) {
            return;
        }
        over = true;
        attempt.endWait();
        runtime.releaseEndpoint();
        if (discarded) {
            exchange.rewind(attempt);
            exchange.tryNext();
            return;
        }
        attempt.completed();
        BufferedResponse body = held;
        if (body != null) {
            try {
                body.deliver(exchange.callback());
            } catch (HttpException | IOException | RuntimeException e) {
                exchange.callback().failed(e);
                return;
            }
        }
        exchange.callback().completed();
    }

    @Override
    public void failed(Exception cause) {
        if (over) {
            return;
        }
        over = true;
        attempt.endWait();
        runtime.discardEndpoint();
        if (handedOver) {
            exchange.brokenOff(attempt, cause);
        } else if (discarded) {
            exchange.rewind(attempt);
            exchange.tryNext();
        } else {
            exchange.failed(attempt, cause);
        }
    }
}
