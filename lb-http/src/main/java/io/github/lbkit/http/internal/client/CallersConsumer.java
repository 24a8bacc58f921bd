package io.github.lbkit.http.internal.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/** The caller's consumer of a body: if it fails, that is not its server's failure. Confined to one thread at a time. */
final class CallersConsumer implements AsyncDataConsumer {
    private final AsyncDataConsumer consumer;
    private final Running running;

    /** Where a consumer comes from. */
    @FunctionalInterface
    interface Source {
        @Nullable
        AsyncDataConsumer get() throws HttpException, IOException;
    }

    CallersConsumer(AsyncDataConsumer consumer, Running running) {
        this.consumer = consumer;
        this.running = running;
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        consumer.updateCapacity(channel);
    }

    @Override
    public void consume(ByteBuffer from) throws IOException {
        try {
            consumer.consume(from);
        } catch (IOException | RuntimeException e) {
            running.abandoned();
            throw e;
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
        try {
            consumer.streamEnd(trailers);
        } catch (HttpException | IOException | RuntimeException e) {
            running.abandoned();
            throw e;
        }
    }

    @Override
    public void releaseResources() {
        consumer.releaseResources();
    }
}
