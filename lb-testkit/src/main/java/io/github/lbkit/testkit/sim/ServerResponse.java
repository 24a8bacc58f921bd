package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Failure;
import java.time.Duration;

/** The response of a simulated server to one attempt. */
public sealed interface ServerResponse {
    /**
     * A success.
     *
     * @param after the service time
     */
    record Success(Duration after) implements ServerResponse {}

    /**
     * A failure.
     *
     * @param failure the kind: {@link Failure#STATUS}, {@link Failure#OVERLOADED} and {@link Failure#PROTOCOL} have an
     *     HTTP response, {@link Failure#DISCONNECT} has none
     * @param after the service time
     */
    record Failed(Failure failure, Duration after) implements ServerResponse {
        /** Refuses {@link Failure#CONNECT} and {@link Failure#TIMEOUT}, which are not responses. */
        public Failed {
            if (failure == Failure.CONNECT || failure == Failure.TIMEOUT) {
                throw new IllegalArgumentException(failure
                        + " is not a response: use SimulatedServers.crash for refused connections, and"
                        + " Behaviour.unresponsive for timeouts");
            }
        }
    }

    /** No response: the attempt waits until its client gives up. */
    record None() implements ServerResponse {}
}
