package io.github.lbkit.http.internal.client;

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
 * The caller's consumer of a body. A failure of the consumer is no failure of the server. The attempt waits for the server
 * only while the consumer has asked for more than has come. Confined to one thread at a time, except for the channel that
 * {@link #updateCapacity} hands out.
 */
final class CallersConsumer implements AsyncDataConsumer {
    private final AsyncDataConsumer consumer;
    private final Running running;

    /** The bytes that come before a consumer asks for more: HttpCore's default window. */
    private static final int UNASKED = 65_535;

    /** How many more bytes may come; added to by the consumer, taken from by whoever delivers. */
    private final AtomicLong wanted = new AtomicLong(UNASKED);

    /** Where a consumer comes from. */
    @FunctionalInterface
    interface Source {
        @Nullable
        AsyncDataConsumer get() throws HttpException, IOException;
    }

    CallersConsumer(AsyncDataConsumer consumer, Running running) {
        this.consumer = consumer;
        this.running = running;
        running.awaits();
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        consumer.updateCapacity(increment -> {
            if (wanted.addAndGet(increment) > 0) {
                running.awaits();
            }
            channel.update(increment);
        });
    }

    @Override
    public void consume(ByteBuffer from) throws IOException {
        running.rests();
        wanted.addAndGet(-from.remaining());
        try {
            consumer.consume(from);
        } catch (IOException | RuntimeException e) {
            running.abandoned();
            throw e;
        }
        if (wanted.get() > 0) {
            running.awaits();
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        running.rests();
        running.completed(); // before the caller can know that the response is complete
        consumer.streamEnd(trailers);
    }

    @Override
    public void releaseResources() {
        consumer.releaseResources();
    }
}
