package io.github.lbkit.api;

/**
 * One try at one server. Ends exactly once: succeeded, failed or abandoned. Confined to one thread at a time.
 *
 * <p>{@link #close} abandons an attempt that has not ended, so that try-with-resources leaks none.
 */
public sealed interface Attempt extends Pick, AutoCloseable permits OneCall, LaterAttempt {
    /** The server to try, as it was when the attempt began. */
    Server server();

    /** The instance to talk to. */
    default Instance instance() {
        return server().instance().orElseThrow();
    }

    /** 1 for a call's first attempt. */
    int number();

    /** The first byte of a response has come: its time is what least requests breaks ties by. Counts once. */
    void responded();

    /** The attempt went well: the server did what was asked, whatever it answered. */
    void succeeded();

    /** The server failed. */
    void failed(Failure failure);

    /** The caller gave up, for reasons of its own; this says nothing about the server. */
    void abandoned();

    /** Whether it has ended. */
    boolean ended();

    /** Abandons the attempt unless it has ended. */
    @Override
    default void close() {
        if (!ended()) {
            abandoned();
        }
    }
}
