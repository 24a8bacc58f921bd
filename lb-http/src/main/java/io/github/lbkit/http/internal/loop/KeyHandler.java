package io.github.lbkit.http.internal.loop;

/** What stands behind a selection key. Called on its loop. */
interface KeyHandler {
    /** The channel is ready for these operations. */
    void ready(int operations);

    /** Returns whether its events are handled before those of other handlers in one turn of the loop. */
    default boolean comesFirst() {
        return false;
    }

    /** {@link #ready} threw this: let go of the channel. */
    void crashed(Throwable cause);
}
