package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.internal.status.FailureStatuses;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request's attempts, one after the other, each of them ended exactly once; and its wait for a server, if it waits. */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final Call call;
    private final @Nullable WaitQueue queue;
    private final FailureStatuses failureStatuses;
    private @Nullable Attempt current;
    private @Nullable String serverId;

    /** The turn that is waited for; null while none is. */
    private @Nullable CompletableFuture<Pick> turn;

    /** Whether a server may have had a byte of the request: then the client must not be told that none was there. */
    private boolean reached;

    private LocalResponse answer = FailureResponses.BAD_GATEWAY;

    Attempts(Call call, @Nullable WaitQueue queue, FailureStatuses failureStatuses) {
        this.call = call;
        this.queue = queue;
        this.failureStatuses = failureStatuses;
    }

    /**
     * Begins the next one; null if it is waited for, or if there is none: then {@link #answer} is what the client gets.
     *
     * @param whenTurned told, on any thread, when it is time to call {@link #turned}
     */
    @Nullable
    Attempt next(Runnable whenTurned) {
        if (queue == null) {
            return nextAtOnce();
        }
        CompletableFuture<Pick> next = queue.next(call);
        turn = next;
        if (next.isDone()) {
            return turned();
        }
        BiConsumer<@Nullable Pick, @Nullable Throwable> tell = (pick, failure) -> whenTurned.run();
        var unused = next.whenComplete(tell);
        return null;
    }

    /** As {@link #next}, without a wait. */
    @Nullable
    Attempt nextAtOnce() {
        return begun(call.next());
    }

    /** As {@link #next}, once the wait is over. */
    @Nullable
    Attempt turned() {
        CompletableFuture<Pick> over = turn;
        if (over == null || !over.isDone()) {
            return null;
        }
        turn = null;
        try {
            return begun(over.join());
        } catch (CompletionException e) {
            LOG.error("a request that waited for a server failed", e);
            answer = FailureResponses.INTERNAL_ERROR;
            return null;
        }
    }

    private @Nullable Attempt begun(Pick pick) {
        if (pick instanceof Attempt next) {
            current = next;
            serverId = next.server().id();
            return next;
        }
        if (pick instanceof NoServer none && !reached) {
            answer = FailureResponses.of(none);
        }
        return null;
    }

    /** Whether a server is waited for. */
    boolean isWaiting() {
        return turn != null;
    }

    /** The one under way; null between attempts. */
    @Nullable
    Attempt current() {
        return current;
    }

    /** What the client gets when no other attempt is made. */
    LocalResponse answer() {
        return answer;
    }

    /** The id of the server that was tried last; null if none was. */
    @Nullable
    String serverId() {
        return serverId;
    }

    int count() {
        return call.attempts();
    }

    void responded() {
        if (current != null) {
            current.responded();
        }
    }

    /**
     * The response is complete; a status that says so is a failure of the server.
     *
     * @param asksToComeBack whether it said when to come back
     */
    void completed(int status, boolean asksToComeBack) {
        Attempt ending = current;
        current = null;
        reached = true;
        if (ending == null) {
            return;
        }
        Failure failure = failureStatuses.failure(status, asksToComeBack);
        if (failure == null) {
            ending.succeeded();
        } else {
            ending.failed(failure);
        }
    }

    /** The attempt under way ends without a response; tells whether a byte of the request was written to its server. */
    void ends(boolean written) {
        reached |= written;
    }

    /** The server failed. */
    void failed(Failure failure) {
        Attempt ending = current;
        current = null;
        if (ending != null) {
            ending.failed(failure);
            answer = FailureResponses.of(failure);
        }
    }

    /** The connection had failed before the server could; what the client gets is the same. */
    void lostConnection() {
        abandon();
        answer = FailureResponses.of(Failure.DISCONNECT);
    }

    /** The attempt is given up without a word about the server, and so is the wait for one. */
    void abandon() {
        Attempt ending = current;
        current = null;
        if (ending != null) {
            ending.abandoned();
        }
        CompletableFuture<Pick> over = turn;
        turn = null;
        if (over != null
                && !over.cancel(false)
                && !over.isCompletedExceptionally()
                && over.join() instanceof Attempt a) {
            a.abandoned(); // its turn had come, and nobody had noticed yet
        }
    }
}
