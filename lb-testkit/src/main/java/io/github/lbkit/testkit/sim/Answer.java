package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Failure;
import java.time.Duration;

/** What becomes of an attempt that a simulated server works on. */
public sealed interface Answer {
    /**
     * The server does what was asked.
     *
     * @param after how long it works on it
     */
    record Success(Duration after) implements Answer {}

    /**
     * The server fails.
     *
     * @param failure how: {@link Failure#STATUS}, {@link Failure#OVERLOADED} and {@link Failure#PROTOCOL} come with a response,
     *     {@link Failure#DISCONNECT} without
     * @param after how long it works on it
     */
    record Failed(Failure failure, Duration after) implements Answer {
        /** Checks. */
        public Failed {
            if (failure == Failure.CONNECT || failure == Failure.TIMEOUT) {
                throw new IllegalArgumentException(failure
                        + " is not an answer: a server that is gone refuses connections, one that is silent lets"
                        + " its client wait");
            }
        }
    }

    /** Nothing ever comes, until the client gives up. */
    record Silence() implements Answer {}
}
