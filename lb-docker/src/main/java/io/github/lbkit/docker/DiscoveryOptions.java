package io.github.lbkit.docker;

import java.time.Duration;
import java.util.Optional;

/**
 * What a {@link DockerDiscoveryPool} follows, where, and how. Immutable.
 *
 * @param pool the value of the label {@link DiscoveryLabels#POOL} that its containers carry
 * @param host the engine's address, {@code unix:///path} or {@code tcp://host:port}; the one that Docker's command line would
 *     talk to if empty
 * @param network the network on which containers are talked to; where their ports are published if empty
 * @param every how long after a list the next one is asked for when no event comes; 10 seconds by default
 * @param timeout how long each call may take; 5 seconds by default
 * @param drain how long a container that runs on and is no server any more may finish what it has in flight; 30 seconds by
 *     default
 */
public record DiscoveryOptions(
        String pool,
        Optional<String> host,
        Optional<String> network,
        Duration every,
        Duration timeout,
        Duration drain) {
    /** Checks. */
    public DiscoveryOptions {
        if (!pool.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw new IllegalArgumentException(
                    "pool '" + pool + "' to discover is not 1 to 63 of letters, digits, '.', '_', '-'");
        }
        positive("every", every);
        positive("timeout", timeout);
        if (drain.isNegative()) {
            throw new IllegalArgumentException("discovery's drain " + drain + " is negative");
        }
    }

    /** The containers of this pool, with the defaults. */
    public static DiscoveryOptions pool(String name) {
        return new DiscoveryOptions(
                name,
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30));
    }

    /** At this engine. */
    public DiscoveryOptions host(String value) {
        return new DiscoveryOptions(pool, Optional.of(value), network, every, timeout, drain);
    }

    /** Containers are talked to on this network, which the balancer shares with them. */
    public DiscoveryOptions network(String value) {
        return new DiscoveryOptions(pool, host, Optional.of(value), every, timeout, drain);
    }

    /** Lists come so long after each other when no event comes. */
    public DiscoveryOptions every(Duration value) {
        return new DiscoveryOptions(pool, host, network, value, timeout, drain);
    }

    /** Each call may take so long. */
    public DiscoveryOptions timeout(Duration value) {
        return new DiscoveryOptions(pool, host, network, every, value, drain);
    }

    /** What leaves may take so long. */
    public DiscoveryOptions drain(Duration value) {
        return new DiscoveryOptions(pool, host, network, every, timeout, value);
    }

    private static void positive(String setting, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("discovery's " + setting + " " + value + " is not positive");
        }
    }
}
