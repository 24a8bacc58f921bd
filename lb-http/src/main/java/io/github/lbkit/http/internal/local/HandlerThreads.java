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

/** The threads that handlers run on, which may block, and the bounded queue before them. Thread-safe. */
public final class HandlerThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerThreads.class);
    private static final int WAITING = 256;

    private final ThreadPoolExecutor threads;

    /** So many threads of this name; they start when needed and end when idle. */
    public HandlerThreads(String name, int count) {
        AtomicInteger number = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(count, count, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, name + "-handler-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Has the handler answer soon.
     *
     * @param stream what the handler may go on with; ended if it fails
     * @param answer told the response, on a handler's thread
     * @return false if too many requests wait already
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

    /** Interrupts what runs and drops what waits. */
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
        } catch (Throwable e) { // the handler is code of others
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
