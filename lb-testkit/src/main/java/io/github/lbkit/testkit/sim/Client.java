package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Failure;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * How simulated clients wait and repeat, by way of the proxy between them and the servers. Immutable.
 *
 * <p>A request whose connection was refused is repeated, whatever it is. An idempotent one is also repeated after the
 * failures named here, and moves on at once when the balancer tells that the instance it waits for is lost. Every repeat is
 * the next attempt of the same call, so the balancer's limits and its retry budget hold.
 *
 * @param attemptTimeout how long an attempt waits for its answer
 * @param requestTimeout how long a request may take with all its attempts
 * @param idempotentShare the share of requests that may be repeated, 0 to 1
 * @param repeated the failures after which an idempotent request is repeated
 */
public record Client(Duration attemptTimeout, Duration requestTimeout, double idempotentShare, Set<Failure> repeated) {
    /**
     * An attempt waits a second, a request three; nine of ten are idempotent, and repeated after every failure but a
     * response that says so.
     */
    public static final Client DEFAULT = new Client(
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            0.9,
            EnumSet.complementOf(EnumSet.of(Failure.STATUS, Failure.OVERLOADED)));

    /** Checks and copies. */
    public Client {
        if (attemptTimeout.isNegative() || attemptTimeout.isZero()) {
            throw new IllegalArgumentException("attemptTimeout " + attemptTimeout + " is not positive");
        }
        if (requestTimeout.compareTo(attemptTimeout) < 0) {
            throw new IllegalArgumentException(
                    "requestTimeout " + requestTimeout + " is shorter than attemptTimeout " + attemptTimeout);
        }
        if (!(idempotentShare >= 0 && idempotentShare <= 1)) {
            throw new IllegalArgumentException("idempotentShare " + idempotentShare + " is not 0 to 1");
        }
        repeated = Set.copyOf(repeated);
    }

    /** The same clients with other timeouts. */
    public Client withTimeouts(Duration attempt, Duration request) {
        return new Client(attempt, request, idempotentShare, repeated);
    }

    /** The same clients with another share of idempotent requests. */
    public Client withIdempotentShare(double share) {
        return new Client(attemptTimeout, requestTimeout, share, repeated);
    }

    /** The same clients, which repeat idempotent requests after these failures. */
    public Client withRepeated(Set<Failure> failures) {
        return new Client(attemptTimeout, requestTimeout, idempotentShare, failures);
    }

    boolean repeats(boolean idempotent, Failure failure) {
        return failure == Failure.CONNECT || (idempotent && repeated.contains(failure));
    }
}
