package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Failure;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/**
 * The timeouts and retries of simulated clients, as a proxy between them and the servers applies them. Immutable.
 *
 * <p>A refused connection is always retried. An idempotent request is also retried after the failures named here, and
 * at once when the balancer reports the instance of its attempt as lost. Each retry is the next attempt of the same
 * call, so the limits and the retry budget of the balancer apply.
 *
 * @param attemptTimeout the maximum time of an attempt
 * @param requestTimeout the maximum time of a request with all its attempts
 * @param idempotentShare the share of requests that are idempotent, 0 to 1
 * @param repeated the failures after which an idempotent request is retried
 */
public record Client(Duration attemptTimeout, Duration requestTimeout, double idempotentShare, Set<Failure> repeated) {
    /**
     * The default clients: attempts time out after 1 second and requests after 3 seconds. 90 % of the requests are
     * idempotent, and retried after every failure without a response.
     */
    public static final Client DEFAULTS = new Client(
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            0.9,
            EnumSet.complementOf(EnumSet.of(Failure.STATUS, Failure.OVERLOADED)));

    /** Checks the values and copies the set. */
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

    /** Returns these clients with other timeouts. */
    public Client withTimeouts(Duration attempt, Duration request) {
        return new Client(attempt, request, idempotentShare, repeated);
    }

    /** Returns these clients with another share of idempotent requests. */
    public Client withIdempotentShare(double share) {
        return new Client(attemptTimeout, requestTimeout, share, repeated);
    }

    /** Returns these clients with retries of idempotent requests after these failures. */
    public Client withRepeated(Set<Failure> failures) {
        return new Client(attemptTimeout, requestTimeout, idempotentShare, failures);
    }

    boolean repeats(boolean idempotent, Failure failure) {
        return failure == Failure.CONNECT || (idempotent && repeated.contains(failure));
    }
}
