package io.github.lbkit.http.internal.local;

import io.github.lbkit.api.internal.ThrownText;
import io.github.lbkit.http.BodyStream;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.StreamHandler;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that run blocking handlers, and the bounded queue of their requests. Thread-safe. */
public final class HandlerThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerThreads.class);
    private static final int QUEUE_CAPACITY = 256;

    private final ThreadPoolExecutor threads;

    /** Creates up to this many threads with this prefix of their names. They start on demand and end when idle. */
    public HandlerThreads(String name, int count) {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                count, count, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE_CAPACITY), task -> {
                    Thread thread = new Thread(task, name + "-handler-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Submits a request to a handler.
     *
     * @param stream the stream that the handler may continue with; it is ended if the handler fails
     * @param answer the receiver of the response, called on the thread of the handler
     * @return false if the queue is full
     */
    public boolean submit(
            StreamHandler handler, LocalRequest request, BodyStream stream, Consumer<LocalResponse> answer) {
        try {
            threads.execute(() -> answer.accept(handle(handler, request, stream)));
            return true;
        } catch (RejectedExecutionException busyOrClosed) {
            return false;
        }
    }

    /** Interrupts the running handlers and drops the queued requests. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static LocalResponse handle(StreamHandler handler, LocalRequest request, BodyStream stream) {
        try {
            return Objects.requireNonNull(handler.handle(request, stream), "the handler's response");
        } catch (InterruptedException e) {
            stream.end();
            Thread.currentThread().interrupt();
            return LocalResponse.text(503, "Service Unavailable\n");
        } catch (Throwable e) { // of application code
            stream.end();
            LOG.error(
                    "the handler of {} {} failed",
                    request.head().method(),
                    request.head().path(),
                    ThrownText.printable(e));
            return LocalResponse.text(500, "Internal Server Error\n");
        }
    }
}
