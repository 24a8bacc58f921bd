package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.internal.pool.PoolLoop;
import java.time.Duration;

/**
 * The part of a rollout that concerns one server: its old and new spec, and the failures so far. Confined to the
 * pool's loop.
 */
final class RolloutStep {
    /** The spec to return to if the new instances fail. */
    final HashedSpec from;

    final HashedSpec to;
    private int failures;
    private String reason = "";
    private long awaited;

    RolloutStep(HashedSpec from, HashedSpec to) {
        this.from = from;
        this.to = to;
    }

    /** Records that a new instance could not be launched, was not ready in time, or ended too early. */
    void failed(String why) {
        failures++;
        reason = why;
    }

    int failures() {
        return failures;
    }

    /** Returns the reason of the last failure. */
    String reason() {
        return reason;
    }

    /** Schedules a step for when this generation has served long enough; once per generation. */
    void await(PoolLoop loop, long generation, Duration left) {
        if (awaited != generation) {
            awaited = generation;
            loop.schedule(left, () -> {});
        }
    }
}
