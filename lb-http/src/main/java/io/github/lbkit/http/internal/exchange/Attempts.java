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

/** One request's attempts, one after the other, each of them ended exactly once; and its wait for a server, if it waits. */
final class Attempts {
    private final Call call;
    private final @Nullable WaitQueue queue;
    private final FailureStatuses failureStatuses;
    private @Nullable Attempt current;
    private @Nullable String serverId;

    /** The turn that is waited for; null while none is. */
    private @Nullable CompletableFuture<Pick> turn;

    /** Whether a server may have had a byte of the request: then the client must not be told that none was there. */
    private boolean reached;

    private boolean respondedTold;

    /** How the latest attempt ended, or why there was none. */
    private Ending latest = Ending.NONE_READY;

    /** What exactly was wrong with the latest attempt. */
    private String detail = "";

    private @Nullable NoServer none;

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

    /** As {@link #next}, once the wait is over. Throws what the policy threw. */
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
            throw new IllegalStateException("a request that waited for a server failed", e.getCause());
        }
    }

    private @Nullable Attempt begun(Pick pick) {
        if (pick instanceof Attempt next) {
            current = next;
            serverId = next.server().id();
            respondedTold = false;
            return next;
        }
        if (pick instanceof NoServer noServer) {
            none = noServer;
            if (serverId == null) {
                latest = Ending.of(noServer.reason());
            }
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

    /** Returns how the latest attempt ended, or why there was none: what the client's answer is explained by. */
    Ending latest() {
        return latest;
    }

    /** Returns what exactly was wrong with the latest attempt; empty if nothing more is known. */
    String detail() {
        return detail;
    }

    /** What the client gets when no other attempt is made. */
    LocalResponse answer() {
        NoServer without = none;
        if (without != null && !reached) {
            return FailureResponses.of(without);
        }
        if (latest.isBeforeRequest()) {
            return reached ? FailureResponses.BAD_GATEWAY : FailureResponses.unavailable(FailureResponses.SOON);
        }
        return FailureResponses.of(latest);
    }

    /** The id of the server that was tried last; null if none was. */
    @Nullable
    String serverId() {
        return serverId;
    }

    int count() {
        return call.attempts();
    }

    /** A final head has come with this status; one that counts as a failure says nothing good of the server. */
    void responded(int status, boolean asksToComeBack) {
        Attempt answered = current;
        if (answered != null && !respondedTold && failureStatuses.failure(status, asksToComeBack) == null) {
            respondedTold = true;
            answered.responded();
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

    /**
     * The attempt under way ends without a complete response.
     *
     * @param written whether a byte of the request was written to its server
     * @param what exactly was wrong; empty if nothing more is known
     */
    void ended(Ending how, boolean written, String what) {
        reached |= written;
        latest = how;
        detail = what;
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
