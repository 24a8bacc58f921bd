package io.github.lbkit.api;

/**
 * An attempt of a call at one server. It ends exactly once: succeeded, failed or abandoned. The first end counts; later
 * ends are ignored. Confined to one thread at a time, except for its end: any thread may end an attempt, and several
 * threads may try at the same time.
 *
 * <p>{@link #close} abandons an attempt that has not ended, so that try-with-resources leaks no attempt. Only a
 * balancer creates attempts.
 */
public non-sealed interface Attempt extends Pick, AutoCloseable {
    /** Returns the server to try, in its state when the attempt began. */
    Server server();

    /** Returns the instance to connect to. */
    default Instance instance() {
        return server().instance().orElseThrow();
    }

    /** Returns the number of the attempt within its call; 1 for the first. */
    int number();

    /**
     * Reports the first byte of a response. The time to the first byte breaks ties of least-requests, and the first
     * byte of a trial ends an ejection. Only the first report counts.
     */
    void responded();

    /** Ends the attempt as successful: the server did what was asked, whatever the response says. */
    void succeeded();

    /** Ends the attempt as failed. */
    void failed(Failure failure);

    /** Ends the attempt because the caller gave up. The end says nothing about the server. */
    void abandoned();

    /** Returns whether the attempt has ended. */
    boolean ended();

    /** Abandons the attempt unless it has ended. */
    @Override
    default void close() {
        if (!ended()) {
            abandoned();
        }
    }
}
