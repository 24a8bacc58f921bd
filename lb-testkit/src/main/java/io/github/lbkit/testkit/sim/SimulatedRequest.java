package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import org.jspecify.annotations.Nullable;

/** One client's request with all its attempts, one after the other. Confined to the simulation's thread. */
final class SimulatedRequest {
    private final Traffic traffic;
    private final boolean idempotent;
    private final Call call;
    private final long beganNanos;
    private @Nullable Exchange exchange;

    /** Why the last attempt failed; null while none has. */
    private @Nullable Failure failure;

    private boolean ended;

    SimulatedRequest(Traffic traffic, Key key, boolean idempotent) {
        this.traffic = traffic;
        this.idempotent = idempotent;
        this.call = traffic.balancer().call(key);
        this.beganNanos = traffic.scheduler().nanoTime();
    }

    void begin() {
        traffic.tally().requestBegan();
        traffic.scheduler().schedule(traffic.client().requestTimeout(), this::deadlineOver);
        attemptNext();
    }

    private void attemptNext() {
        Pick pick = call.next();
        if (pick instanceof Attempt attempt) {
            SimulatedInstance instance =
                    traffic.servers().instance(attempt.instance().generation());
            Exchange next = new Exchange(this, attempt, instance, traffic.tally());
            exchange = next;
            traffic.scheduler().schedule(traffic.client().attemptTimeout(), next::timedOut);
            next.begin();
        } else if (pick instanceof NoServer none) {
            fail(failure == null ? none.reason().name() : failure.name());
        }
    }

    void answered() {
        ended = true;
        traffic.tally().requestSucceeded(traffic.scheduler().nanoTime() - beganNanos);
    }

    void attemptFailed(Failure how) {
        failure = how;
        if (traffic.client().repeats(idempotent, how)) {
            attemptNext();
        } else {
            fail(how.name());
        }
    }

    boolean mayMoveOn() {
        return idempotent;
    }

    void movesOn() {
        failure = Failure.DISCONNECT;
        attemptNext();
    }

    private void deadlineOver() {
        if (!ended) {
            Exchange current = exchange;
            if (current != null) {
                current.cutAtDeadline();
            }
            fail("DEADLINE");
        }
    }

    private void fail(String reason) {
        ended = true;
        traffic.tally().requestFailed(reason);
    }
}
