package io.github.lbkit.http.internal.client.async;

import io.github.lbkit.http.internal.client.ClientAttempt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that ends the attempt at the end of the body, around the caller's consumer. A failure of the caller's
 * consumer is not a failure of the server. The attempt waits for the server only while the consumer has requested more
 * bytes than have arrived. Confined to one thread at a time, except for the channel that {@link #updateCapacity} passes
 * on.
 */
final class TrackedConsumer implements AsyncDataConsumer {
    private final AsyncDataConsumer consumer;
    private final ClientAttempt attempt;

    /** The bytes that arrive before a consumer requests more: HttpCore's default window. */
    private static final int INITIAL_WINDOW = 65_535;

    /** The number of bytes that may still arrive. Increased by the consumer, decreased by the delivering thread. */
    private final AtomicLong window = new AtomicLong(INITIAL_WINDOW);

    /** A supplier of the caller's consumer. */
    @FunctionalInterface
    interface Source {
        @Nullable
        AsyncDataConsumer get() throws HttpException, IOException;
    }

    TrackedConsumer(AsyncDataConsumer consumer, ClientAttempt attempt) {
        this.consumer = consumer;
        this.attempt = attempt;
        attempt.beginWait();
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        consumer.updateCapacity(increment -> {
            if (window.addAndGet(increment) > 0) {
                attempt.beginWait();
            }
            channel.update(increment);
        });
    }

    @Override
    public void consume(ByteBuffer from) throws IOException {
        attempt.endWait();
        window.addAndGet(-from.remaining());
        try {
            consumer.consume(from);
        } catch (IOException | RuntimeException e) {
            attempt.abandoned();
            throw e;
        }
        if (window.get() > 0) {
            attempt.beginWait();
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        attempt.endWait();
        attempt.completed(); // before the caller sees the end of the response
        consumer.streamEnd(trailers);
    }

    @Override
    public void releaseResources() {
        consumer.releaseResources();
    }
}
