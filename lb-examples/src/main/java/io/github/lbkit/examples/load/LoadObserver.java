package io.github.lbkit.examples.load;

import java.util.Optional;

/** An observer of single requests. It is called on the generator's thread and must not block. */
public interface LoadObserver {
    /** An observer that does nothing. */
    LoadObserver NONE = new LoadObserver() {};

    /**
     * A request was answered.
     *
     * @param atNanos the time since the begin of the run, in nanoseconds
     * @param status the status of the answer
     * @param server the server that the body names
     */
    default void answered(long atNanos, int status, Optional<String> server) {}

    /**
     * A request got no answer.
     *
     * @param atNanos the time since the begin of the run, in nanoseconds
     */
    default void failed(long atNanos, LoadFailure failure) {}
}
