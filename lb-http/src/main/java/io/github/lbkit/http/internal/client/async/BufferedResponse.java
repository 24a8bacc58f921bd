package io.github.lbkit.http.internal.client.async;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/** A response with Content-Length that the caller receives once it is complete. Confined to one thread at a time. */
final class BufferedResponse implements AsyncDataConsumer {
    private final HttpResponse response;
    private final EntityDetails entity;
    private final ByteBuffer bytes;
    private @Nullable List<? extends Header> trailers;

    BufferedResponse(HttpResponse response, EntityDetails entity) {
        this.response = response;
        this.entity = entity;
        this.bytes = ByteBuffer.allocate((int) entity.getContentLength());
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer from) throws IOException {
        if (from.remaining() > bytes.remaining()) {
            throw new MessageConstraintException("more than the " + bytes.capacity() + " bytes that were announced");
        }
        bytes.put(from);
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> end) {
        trailers = end;
    }

    @Override
    public void releaseResources() {
        // the bytes are needed until they are delivered
    }

    /** Passes the complete response to the caller. */
    void deliver(AsyncExecCallback callback) throws HttpException, IOException {
        AsyncDataConsumer consumer = callback.handleResponse(response, entity);
        if (consumer == null) {
            return;
        }
        consumer.updateCapacity(increment -> {}); // the whole body follows at once
        if (bytes.flip().hasRemaining()) {
            consumer.consume(bytes);
        }
        consumer.streamEnd(trailers);
    }
}
