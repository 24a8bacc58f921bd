package io.github.lbkit.api.pool.supervised;

import java.time.Duration;

/**
 * How a {@link SupervisedPool} rolls out a new spec. Immutable.
 *
 * @param surge how many servers are replaced at once, 1 or more: there are never more instances than desired servers and
 *     this many; 1 by default. An old instance counts until its drain begins
 * @param attempts how many times a server's new instance may fail, 1 or more, before the rollout stops; 2 by default
 * @param steadyFor how long a new instance must have served before it counts; zero at once; 1 second by default
 * @param deadline how long the rollout may take in all; 1 hour by default
 */
public record RolloutOptions(int surge, int attempts, Duration steadyFor, Duration deadline) {
    /** The defaults. */
    public static final RolloutOptions DEFAULTS = new RolloutOptions(1, 2, Duration.ofSeconds(1), Duration.ofHours(1));

    /** Checks. */
    public RolloutOptions {
        if (surge < 1) {
            throw new IllegalArgumentException("rollout's surge " + surge + " is not 1 or more");
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("rollout's attempts " + attempts + " is not 1 or more");
        }
        if (steadyFor.isNegative()) {
            throw new IllegalArgumentException("rollout's steadyFor " + steadyFor + " is negative");
        }
        if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException("rollout's deadline " + deadline + " is not within zero to 30 days");
        }
    }

    /** These with another surge. */
    public RolloutOptions withSurge(int value) {
        return new RolloutOptions(value, attempts, steadyFor, deadline);
    }

    /** These with another number of attempts. */
    public RolloutOptions withAttempts(int value) {
        return new RolloutOptions(surge, value, steadyFor, deadline);
    }

    /** These with another time to prove itself. */
    public RolloutOptions withSteadyFor(Duration value) {
        return new RolloutOptions(surge, attempts, value, deadline);
    }

    /** These with another deadline. */
    public RolloutOptions withDeadline(Duration value) {
        return new RolloutOptions(surge, attempts, steadyFor, value);
    }
}
