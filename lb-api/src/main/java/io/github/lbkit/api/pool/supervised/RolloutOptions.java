package io.github.lbkit.api.pool.supervised;

import java.time.Duration;

/**
 * The options of a rollout of a {@link SupervisedPool}. Immutable.
 *
 * @param surge the maximum number of servers that are replaced at one time, 1 or more; 1 by default. There are never
 *     more instances than desired servers plus this number; an old instance counts until its drain begins
 * @param attempts the number of failures of a server's new instance, 1 or more, after which the rollout stops; 2 by
 *     default
 * @param steadyFor the time for which a new instance must serve to count as replaced; 1 second by default, may be zero
 * @param deadline the maximum time of the whole rollout; 1 hour by default
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

    /** Returns these options with another surge. */
    public RolloutOptions withSurge(int value) {
        return new RolloutOptions(value, attempts, steadyFor, deadline);
    }

    /** Returns these options with another number of attempts. */
    public RolloutOptions withAttempts(int value) {
        return new RolloutOptions(surge, value, steadyFor, deadline);
    }

    /** Returns these options with another minimum serving time. */
    public RolloutOptions withSteadyFor(Duration value) {
        return new RolloutOptions(surge, attempts, value, deadline);
    }

    /** Returns these options with another deadline. */
    public RolloutOptions withDeadline(Duration value) {
        return new RolloutOptions(surge, attempts, steadyFor, value);
    }
}
