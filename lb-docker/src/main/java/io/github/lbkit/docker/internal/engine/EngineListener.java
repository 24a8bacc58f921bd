package io.github.lbkit.docker.internal.engine;

import java.time.Duration;

/**
 * Follows an engine's events. Called on the thread of the events; must not block. What happened while there was no
 * connection is told by nobody: {@link #connected} calls for a look at everything.
 */
public interface EngineListener {
    /** Events come from now on. */
    void connected();

    /** Something happened. */
    void happened(EngineEvent event);

    /** Events do not come any more, until the next {@link #connected}. */
    void disconnected(String reason);

    /**
     * Told after {@link #connected}, unless it was the first time.
     *
     * @param reason why they had not come
     * @param silence for how long
     */
    default void reopened(String reason, Duration silence) {}
}
