package io.github.lbkit.api.pool;

import java.time.Duration;

/** A server's turn in a rollout: from which spec to which, and how often that has failed. Confined to the pool's loop. */
final class Turn {
    /** What its instances are made of again if the new ones fail. */
    final KnownSpec from;

    final KnownSpec to;
    private int failures;
    private String reason = "";
    private long awaited;

    Turn(KnownSpec from, KnownSpec to) {
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
    void await(Loop loop, long generation, Duration left) {
        if (awaited != generation) {
            awaited = generation;
            loop.later(left, () -> {});
        }
    }
}
