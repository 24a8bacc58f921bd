package io.github.lbkit.http.internal.client;

import java.io.IOException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.entity.DiscardingEntityConsumer;
import org.jspecify.annotations.Nullable;

/** What becomes of one attempt of an asynchronous client. Confined to one thread at a time; is told its end once. */
final class AsyncAttempt implements AsyncExecCallback {
    private final AsyncExchange exchange;
    private final Running running;
    private final AsyncRuntime runtime;
    private boolean handedOver;
    private boolean discarded;
    private boolean over;
    private @Nullable HeldBody held;

    AsyncAttempt(AsyncExchange exchange, Running running, AsyncRuntime runtime) {
        this.exchange = exchange;
        this.running = running;
        this.runtime = runtime;
    }

    @Override
    public @Nullable AsyncDataConsumer handleResponse(HttpResponse response, @Nullable EntityDetails entity)
            throws HttpException, IOException {
        running.responded(response);
        boolean mayRepeat = exchange.attempts().rule().mayRepeatSent();
        if (running.saysFailure() && mayRepeat && exchange.attempts().hasNext()) {
            discarded = true;
            return entity == null ? null : new DiscardingEntityConsumer<>();
        }
        if (entity != null && mayRepeat && exchange.settings().holds(entity.getContentLength())) {
            held = new HeldBody(response, entity);
            return held;
        }
        if (!running.handOver()) {
            throw new ConnectionClosedException("the server was lost");
        }
        handedOver = true;
        running.rests();
        if (entity == null) {
            running.completed(); // before the caller can know that the response is complete
        }
        return own(() -> exchange.callback().handleResponse(response, entity));
    }

    private @Nullable AsyncDataConsumer own(CallersConsumer.Source source) throws HttpException, IOException {
        try {
            AsyncDataConsumer consumer = source.get();
            return consumer == null ? null : new CallersConsumer(consumer, running);
        } catch (HttpException | IOException | RuntimeException e) {
            running.abandoned(); // it is not the server that failed
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
        running.rests();
        runtime.releaseEndpoint();
        if (discarded) {
            exchange.rewind(running);
            exchange.askNext();
            return;
        }
        running.completed();
        HeldBody body = held;
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
        running.rests();
        runtime.discardEndpoint();
        if (handedOver) {
            exchange.brokenOff(running, cause);
        } else if (discarded) {
            exchange.rewind(running);
            exchange.askNext();
        } else {
            exchange.failed(running, cause);
        }
    }
}
