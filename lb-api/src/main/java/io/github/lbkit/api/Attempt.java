package io.github.lbkit.api;

/**
 * One try at one server. Ends exactly once: succeeded, failed or abandoned, whichever comes first; later ends are ignored.
 * Confined to one thread at a time, but for its end: any thread may end it, also several at once.
 *
 * <p>{@link #close} abandons an attempt that has not ended, so that try-with-resources leaks none.
 */
public non-sealed interface Attempt extends Pick, AutoCloseable {
    /** The server to try, as it was when the attempt began. */
    Server server();

    /** The instance to talk to. */
    default Instance instance() {
        return server().instance().orElseThrow();
    }

    /** 1 for a call's first attempt. */
    int number();

    /**
     * Tells that the first byte of a response has come. Least requests breaks ties by the time to it, and it brings an ejected
     * server back whose trial this is. Counts once.
     */
    void responded();

    /** Ends the attempt: the server did what was asked, whatever it answered. */
    void succeeded();

    /** Ends the attempt: the server failed. */
    void failed(Failure failure);

    /** Ends the attempt: the caller gave up, for reasons of its own. This says nothing about the server. */
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
