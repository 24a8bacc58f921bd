package io.github.lbkit.docker.internal.lease;

import java.time.Duration;

/**
 * How often a lease is renewed and looked at. Immutable.
 *
 * @param renewEvery by its holder
 * @param lookEvery by those who follow
 * @param staleAfter how long it must stand still, by a follower's own clock, before the follower takes it
 */
public record LeaseTimes(Duration renewEvery, Duration lookEvery, Duration staleAfter) {
    /** As they are unless a test is in a hurry. */
    public static final LeaseTimes USUAL =
            new LeaseTimes(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(10));
}
