package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.internal.pool.EventLoop;
import java.time.Duration;

/** A server's turn in a rollout: from which spec to which, and how often that has failed. Confined to the pool's loop. */
final class RolloutStep {
    /** What its instances are made of again if the new ones fail. */
    final HashedSpec from;

    final HashedSpec to;
    private int failures;
    private String reason = "";
    private long awaited;

    RolloutStep(HashedSpec from, HashedSpec to) {
        this.from = from;
        this.to = to;
    }

    /** A new instance could not be launched, was not ready in time, or did not last. */
    void failed(String why) {
        failures++;
        reason = why;
    }

    int failures() {
        return failures;
    }

    /** Why it failed last. */
    String reason() {
        return reason;
    }

    /** Looks again when this generation has served for long enough; asked for once a generation. */
    void await(EventLoop loop, long generation, Duration left) {
        if (awaited != generation) {
            awaited = generation;
            loop.later(left, () -> {});
        }
    }
}
