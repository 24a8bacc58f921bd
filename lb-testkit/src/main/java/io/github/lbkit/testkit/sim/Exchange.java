package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Failure;

/** One attempt under way at one instance. Ends once, whoever ends it. Confined to the simulation's thread. */
final class Exchange {
    private final SimulatedRequest request;
    private final Attempt attempt;
    private final SimulatedInstance instance;
    private final Tally tally;
    private boolean ended;

    Exchange(SimulatedRequest request, Attempt attempt, SimulatedInstance instance, Tally tally) {
        this.request = request;
        this.attempt = attempt;
        this.instance = instance;
        this.tally = tally;
    }

    void begin() {
        tally.attemptBegan(attempt.server().id());
        instance.take(this);
    }

    /** The server has done what was asked. */
    void succeeded() {
        if (end()) {
            attempt.responded();
            attempt.succeeded();
            request.answered();
        }
    }

    /** The server has failed, or is gone. */
    void failed(Failure failure) {
        if (end()) {
            if (failure == Failure.STATUS || failure == Failure.OVERLOADED || failure == Failure.PROTOCOL) {
                attempt.responded();
            }
            attempt.failed(failure);
            request.attemptFailed(failure);
        }
    }

    /** No answer within the time for an attempt. */
    void timedOut() {
        if (end()) {
            instance.givenUp(this);
            attempt.failed(Failure.TIMEOUT);
            request.attemptFailed(Failure.TIMEOUT);
        }
    }

    /** The time for the whole request is over. */
    void cutAtDeadline() {
        if (end()) {
            instance.givenUp(this);
            attempt.failed(Failure.TIMEOUT);
        }
    }

    /** The balancer does not trust the instance to answer: whoever may be repeated does not wait for it. */
    void instanceLost() {
        if (request.mayMoveOn() && end()) {
            instance.givenUp(this);
            attempt.abandoned();
            request.movesOn();
        }
    }

    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        tally.attemptEnded(attempt.server().id());
        return true;
    }
}
