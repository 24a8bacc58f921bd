package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Failure;

/** One attempt of a request at one instance, which ends exactly once. Confined to the thread of the simulation. */
final class SimulatedAttempt implements PendingAttempt {
    private final SimulatedRequest request;
    private final Attempt attempt;
    private final SimulatedInstance instance;
    private final RunMetrics metrics;
    private boolean ended;

    SimulatedAttempt(SimulatedRequest request, Attempt attempt, SimulatedInstance instance, RunMetrics metrics) {
        this.request = request;
        this.attempt = attempt;
        this.instance = instance;
        this.metrics = metrics;
    }

    void begin() {
        metrics.attemptBegan(attempt.server().id());
        instance.take(this);
    }

    @Override
    public void succeeded() {
        if (end()) {
            attempt.responded();
            attempt.succeeded();
            request.succeeded();
        }
    }

    @Override
    public void failed(Failure failure) {
        if (end()) {
            if (failure == Failure.STATUS || failure == Failure.OVERLOADED || failure == Failure.PROTOCOL) {
                attempt.responded();
            }
            attempt.failed(failure);
            request.attemptFailed(failure);
        }
    }

    /** Ends the attempt at its timeout. */
    void timedOut() {
        if (end()) {
            instance.abandoned(this);
            attempt.failed(Failure.TIMEOUT);
            request.attemptFailed(Failure.TIMEOUT);
        }
    }

    /** Ends the attempt at the deadline of its request. */
    void cancelAtDeadline() {
        if (end()) {
            instance.abandoned(this);
            attempt.failed(Failure.TIMEOUT);
        }
    }

    @Override
    public void instanceLost() {
        if (request.idempotent() && end()) {
            instance.abandoned(this);
            attempt.abandoned();
            request.retryAfterLoss();
        }
    }

    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        metrics.attemptEnded(attempt.server().id());
        return true;
    }
}
