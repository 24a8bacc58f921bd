package io.github.lbkit.examples.load;

import java.util.Optional;

/** Follows single requests. Called on the generator's thread: must not block. */
public interface LoadObserver {
    /** Nobody. */
    LoadObserver NONE = new LoadObserver() {};

    /**
     * A request was answered.
     *
     * @param atNanos since the run began
     * @param status of the answer
     * @param server which server the body names
     */
    default void answered(long atNanos, int status, Optional<String> server) {}

    /**
     * A request got no answer.
     *
     * @param atNanos since the run began
     */
    default void failed(long atNanos, LoadFailure failure) {}
}
