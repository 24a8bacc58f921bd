package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.outcome.Ending;
import io.github.lbkit.http.internal.outcome.FailureResponses;
import io.github.lbkit.http.internal.status.FailureStatuses;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one request, one after the other, and its place in the queue of the balancer. Each attempt is ended
 * exactly once. Confined to its loop.
 */
final class Attempts {
    private final Call call;
    private final @Nullable WaitQueue queue;
    private final FailureStatuses failureStatuses;
    private @Nullable Attempt current;
    private @Nullable String serverId;

    /** The result of the queue; null while the request is not queued. */
    private @Nullable CompletableFuture<Pick> queued;

    /**
     * True once a server may have received a byte of the request. Then the response must not say that there was no
     * server.
     */
    private boolean reached;

    private boolean respondedReported;

    /** The ending of the latest attempt, or the reason why there was none. */
    private Ending lastEnding = Ending.NONE_READY;

    /** Details about the latest failure; empty if there are none. */
    private String detail = "";

    private @Nullable NoServer noServer;

    Attempts(Call call, @Nullable WaitQueue queue, FailureStatuses failureStatuses) {
        this.call = call;
        this.queue = queue;
        this.failureStatuses = failureStatuses;
    }

    /**
     * Begins the next attempt. Returns null if the request is queued, or if there is no server: then {@link #response}
     * is what the client gets.
     *
     * @param whenDequeued called on any thread, when {@link #nextFromQueue} has a result
     */
    @Nullable
    Attempt next(Runnable whenDequeued) {
        if (queue == null) {
            return nextWithoutQueue();
        }
        CompletableFuture<Pick> result = queue.next(call);
        queued = result;
        if (result.isDone()) {
            return nextFromQueue();
        }
        BiConsumer<@Nullable Pick, @Nullable Throwable> notify = (pick, failure) -> whenDequeued.run();
        var unused = result.whenComplete(notify);
        return null;
    }

    /** Begins the next attempt without queuing. Returns null if there is no server. */
    @Nullable
    Attempt nextWithoutQueue() {
        return begin(call.next());
    }

    /**
     * Begins the attempt that the queue has granted. Returns null if there is no server.
     *
     * @throws IllegalStateException if the policy has thrown
     */
    @Nullable
    Attempt nextFromQueue() {
        CompletableFuture<Pick> result = queued;
        if (result == null || !result.isDone()) {
            return null;
        }
        queued = null;
        try {
            return begin(result.join());
        } catch (CompletionException e) {
            throw new IllegalStateException("a request that waited for a server failed", e.getCause());
        }
    }

    private @Nullable Attempt begin(Pick pick) {
        if (pick instanceof Attempt next) {
            current = next;
            serverId = next.server().id();
            respondedReported = false;
            return next;
        }
        if (pick instanceof NoServer none) {
            noServer = none;
            if (serverId == null) {
                lastEnding = Ending.of(none.reason());
            }
        }
        return null;
    }

    /** Returns whether the request is queued. */
    boolean isQueued() {
        return queued != null;
    }

    /** Returns the current attempt; null between attempts. */
    @Nullable
    Attempt current() {
        return current;
    }

    /** Returns the ending of the latest attempt, or the reason why there was none. */
    Ending lastEnding() {
        return lastEnding;
    }

    /** Returns details about the latest failure; empty if there are none. */
    String detail() {
        return detail;
    }

    /** Returns the response of the proxy if no other attempt is made. */
    LocalResponse response() {
        NoServer without = noServer;
        if (without != null && !reached) {
            return FailureResponses.of(without);
        }
        if (lastEnding.isBeforeRequest()) {
            return reached
                    ? FailureResponses.BAD_GATEWAY
                    : FailureResponses.unavailable(FailureResponses.DEFAULT_RETRY_AFTER);
        }
        return FailureResponses.of(lastEnding);
    }

    /** Returns the id of the server that was tried last; null if none was tried. */
    @Nullable
    String serverId() {
        return serverId;
    }

    /** Returns the number of attempts begun. */
    int count() {
        return call.attempts();
    }

    /** Notes that a final head was received. Unless its status counts as a failure, the server is alive. */
    void responded(int status, boolean hasRetryAfter) {
        Attempt answered = current;
        if (answered != null && !respondedReported && failureStatuses.failure(status, hasRetryAfter) == null) {
            respondedReported = true;
            answered.responded();
        }
    }

    /**
     * Ends the attempt after a complete response, as a failure if the status counts as one.
     *
     * @param hasRetryAfter whether the response has a {@code Retry-After} field
     */
    void completed(int status, boolean hasRetryAfter) {
        Attempt ending = current;
        current = null;
        reached = true;
        if (ending == null) {
            return;
        }
        Failure failure = failureStatuses.failure(status, hasRetryAfter);
        if (failure == null) {
            ending.succeeded();
        } else {
            ending.failed(failure);
        }
    }

    /**
     * Ends the attempt without a complete response.
     *
     * @param written whether a byte of the request was written to the server
     * @param details details about the failure; empty if there are none
     */
    void ended(Ending how, boolean written, String details) {
        reached |= written || how == Ending.TLS_FAILED;
        lastEnding = how;
        detail = details;
        Attempt ending = current;
        current = null;
        if (ending == null) {
            return;
        }
        Failure failure = how.failure();
        if (failure == null) {
            ending.abandoned();
        } else {
            ending.failed(failure);
        }
    }

    /** Ends the attempt without a result, and removes the request from the queue. */
    void abandon() {
        Attempt ending = current;
        current = null;
        if (ending != null) {
            ending.abandoned();
        }
        CompletableFuture<Pick> result = queued;
        queued = null;
        if (result != null
                && !result.cancel(false)
                && !result.isCompletedExceptionally()
                && result.join() instanceof Attempt granted) {
            granted.abandoned(); // granted by the queue, and not begun yet
        }
    }
}
