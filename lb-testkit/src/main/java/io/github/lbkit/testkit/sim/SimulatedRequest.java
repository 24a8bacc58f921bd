package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import org.jspecify.annotations.Nullable;

/** One request of a client with its attempts, one after the other. Confined to the thread of the simulation. */
final class SimulatedRequest {
    private final RequestSource traffic;
    private final boolean idempotent;
    private final Call call;
    private final long beganNanos;
    private @Nullable SimulatedAttempt current;

    /** The failure of the last attempt; null if no attempt has failed. */
    private @Nullable Failure failure;

    private boolean ended;

    SimulatedRequest(RequestSource traffic, Key key, boolean idempotent) {
        this.traffic = traffic;
        this.idempotent = idempotent;
        this.call = traffic.balancer().call(key);
        this.beganNanos = traffic.scheduler().nanoTime();
    }

    void begin() {
        traffic.metrics().requestBegan();
        traffic.scheduler().schedule(traffic.client().requestTimeout(), this::deadlineReached);
        attemptNext();
    }

    private void attemptNext() {
        Pick pick = call.next();
        if (pick instanceof Attempt attempt) {
            SimulatedInstance instance =
                    traffic.servers().instance(attempt.instance().generation());
            SimulatedAttempt next = new SimulatedAttempt(this, attempt, instance, traffic.metrics());
            current = next;
            traffic.scheduler().schedule(traffic.client().attemptTimeout(), next::timedOut);
            next.begin();
        } else if (pick instanceof NoServer none) {
            fail(failure == null ? none.reason().name() : failure.name());
        }
    }

    void succeeded() {
        ended = true;
        traffic.metrics().requestSucceeded(traffic.scheduler().nanoTime() - beganNanos);
    }

    void attemptFailed(Failure reason) {
        failure = reason;
        if (traffic.client().repeats(idempotent, reason)) {
            attemptNext();
        } else {
            fail(reason.name());
        }
    }

    boolean idempotent() {
        return idempotent;
    }

    /** Starts the next attempt after the instance of the current one was lost. */
    void retryAfterLoss() {
        failure = Failure.DISCONNECT;
        attemptNext();
    }

    private void deadlineReached() {
        if (!ended) {
            SimulatedAttempt last = current;
            if (last != null) {
                last.cancelAtDeadline();
            }
            fail("DEADLINE");
        }
    }

    private void fail(String reason) {
        ended = true;
        traffic.metrics().requestFailed(reason);
    }
}
