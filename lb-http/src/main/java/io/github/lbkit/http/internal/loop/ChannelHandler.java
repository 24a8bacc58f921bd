package io.github.lbkit.http.internal.loop;

/** The receiver of a channel's events: the attachment of a selection key. Called on the channel's loop. */
public interface ChannelHandler {
    /** Handles an event: the channel is ready for these operations. */
    void ready(int operations);

    /**
     * Returns whether the events of this handler are handled before those of other handlers in one turn of the loop.
     */
    default boolean hasPriority() {
        return false;
    }

    /** Returns whether the channel is closed when its loop ends. If not, the loop only stops watching the channel. */
    default boolean ownsChannel() {
        return true;
    }

    /** Releases the channel after {@link #ready} has thrown this. */
    void crashed(Throwable cause);
}
