package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import io.github.lbkit.http.NoServerException;
import org.jspecify.annotations.Nullable;

/** One request's attempts, one after the other, and what follows a failure. Confined to one thread at a time. */
final class Attempts implements AutoCloseable {
    private final Target target;
    private final Call call;
    private final BalancedRequest request;
    private final ClientSettings settings;
    private final RepeatRule rule;
    private @Nullable Running taken;
    private @Nullable NoServer none;
    private @Nullable Exception failure;

    /** What to do after a failure. */
    enum Then {
        /** The same server is asked over a new connection: the attempt has not ended. */
        ASK_AGAIN,
        /** {@link #next} is asked. */
        ASK_NEXT,
        /** The caller gets the failure. */
        GIVE_UP
    }

    Attempts(Target target, Call call, BalancedRequest request, ClientSettings settings) {
        this.target = target;
        this.call = call;
        this.request = request;
        this.settings = settings;
        this.rule = request.rule();
    }

    RepeatRule rule() {
        return rule;
    }

    /** Whether there is another server to ask; it is taken until {@link #next} or {@link #close}. */
    boolean hasNext() {
        if (taken == null && none == null) {
            Pick pick = call.next();
            if (pick instanceof Attempt attempt) {
                taken = target.connections().begin(attempt, request, settings);
            } else if (pick instanceof NoServer reason) {
                none = reason;
            }
        }
        return taken != null;
    }

    /** Begins the next one, if there is one. */
    @Nullable
    Running next() {
        boolean unused = hasNext();
        Running next = taken;
        taken = null;
        return next;
    }

    /** Ends the attempt for what has happened, unless its server is asked again. */
    Then failed(Running running, Exception thrown, boolean aborted) {
        Exception cause = running.expired() ? running.explained(thrown) : thrown;
        remember(cause);
        boolean mayRepeat = rule.mayRepeat(running.sent());
        if (running.lost()) {
            running.abandoned();
        } else if (aborted || RepeatRule.isOwn(cause, running.sent())) {
            running.abandoned();
            return Then.GIVE_UP;
        } else {
            Failure kind = RepeatRule.failure(cause, running.sent());
            boolean idled = running.mayHaveIdled() && kind != Failure.TIMEOUT && kind != Failure.PROTOCOL;
            if (idled && mayRepeat && running.tryAgain()) {
                return Then.ASK_AGAIN;
            }
            if (idled) {
                running.abandoned();
            } else {
                running.failed(kind);
            }
        }
        return mayRepeat && hasNext() ? Then.ASK_NEXT : Then.GIVE_UP;
    }

    /** What the caller gets when no server has answered. */
    Exception failure() {
        Exception last = failure;
        if (last != null) {
            return last;
        }
        NoServer reason = none;
        return reason == null
                ? new IllegalStateException("no attempt was made")
                : new NoServerException(target.name(), reason.reason(), reason.retryAfter());
    }

    /** Gives up what was taken and not begun. */
    @Override
    public void close() {
        Running unused = taken;
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
