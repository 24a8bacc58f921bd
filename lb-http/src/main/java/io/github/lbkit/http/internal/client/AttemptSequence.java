package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one request, one after the other, and the decision after each failure. Confined to one thread at a
 * time.
 */
public final class AttemptSequence implements AutoCloseable {
    private final LogicalName name;
    private final Call call;
    private final BalancedRequest request;
    private final ClientSettings settings;
    private final RetryRule rule;
    private @Nullable ClientAttempt taken;
    private @Nullable NoServer noServer;
    private @Nullable Exception failure;

    /** The step after a failure. */
    public enum FailureAction {
        /** Sends the request to the same server over a new connection; the attempt goes on. */
        RETRY_SAME_SERVER,
        /** Sends the request to the server of {@link #next}. */
        RETRY_NEXT_SERVER,
        /** Reports the failure to the caller. */
        GIVE_UP
    }

    /** Creates the sequence of a request; the first attempt begins with {@link #next}. */
    public AttemptSequence(LogicalName name, BalancedRequest request, ClientSettings settings) {
        this.name = name;
        this.call = name.balancer().call(request.key());
        this.request = request;
        this.settings = settings;
        this.rule = request.rule();
    }

    /** Returns the rule by which the request may be sent again. */
    public RetryRule rule() {
        return rule;
    }

    /** Returns whether another server can be tried. The server is reserved until {@link #next} or {@link #close}. */
    public boolean hasNext() {
        if (taken == null && noServer == null) {
            Pick pick = call.next();
            if (pick instanceof Attempt attempt) {
                taken = name.instances().begin(attempt, request, settings);
            } else if (pick instanceof NoServer reason) {
                noServer = reason;
            }
        }
        return taken != null;
    }

    /** Begins the next attempt; null if no server is left. */
    public @Nullable ClientAttempt next() {
        boolean unused = hasNext();
        ClientAttempt next = taken;
        taken = null;
        return next;
    }

    /** Handles the failure of an attempt. The attempt ends, unless the same server is to be tried again. */
    public FailureAction failed(ClientAttempt attempt, Exception thrown, boolean aborted) {
        Exception cause = attempt.expired() ? attempt.timeout(thrown) : thrown;
        remember(cause);
        boolean mayRetry = rule.mayRetry(attempt.sent());
        if (attempt.isServerLost()) {
            attempt.abandoned();
        } else if (aborted || RetryRule.isCallersOwn(cause, attempt.sent())) {
            attempt.abandoned();
            return FailureAction.GIVE_UP;
        } else {
            Failure kind = RetryRule.failure(cause, attempt.sent());
            boolean idledOut = attempt.mayHaveIdledOut() && kind != Failure.TIMEOUT && kind != Failure.PROTOCOL;
            if (idledOut && mayRetry && attempt.retryOnNewConnection()) {
                return FailureAction.RETRY_SAME_SERVER;
            }
            if (idledOut) {
                attempt.abandoned();
            } else {
                attempt.failed(kind);
            }
        }
        return mayRetry && hasNext() ? FailureAction.RETRY_NEXT_SERVER : FailureAction.GIVE_UP;
    }

    /** Returns the exception for the caller when no server has answered. */
    public Exception failure() {
        Exception last = failure;
        if (last != null) {
            return last;
        }
        NoServer reason = noServer;
        return reason == null
                ? new IllegalStateException("no attempt was made")
                : name.noServer().apply(reason);
    }

    /** Abandons an attempt that {@link #hasNext} reserved and {@link #next} did not begin. */
    @Override
    public void close() {
        ClientAttempt unused = taken;
        taken = null;
        if (unused != null) {
            unused.abandoned();
        }
    }

    private void remember(Exception cause) {
        if (failure != null && failure != cause) {
            cause.addSuppressed(failure);
        }
        failure = cause;
    }
}
