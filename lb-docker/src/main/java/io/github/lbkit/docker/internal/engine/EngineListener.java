package io.github.lbkit.docker.internal.engine;

import java.time.Duration;

/**
 * A listener of an engine's events. It is called on the thread of the events and must not block. Events that happen
 * while there is no connection are lost, so that {@link #connected} should request a complete list.
 */
public interface EngineListener {
    /** Called when the stream of events is open. */
    void connected();

    /** Called for each event. */
    void happened(EngineEvent event);

    /** Called when the stream has ended; no events follow until the next {@link #connected}. */
    void disconnected(String reason);

    /**
     * Called after {@link #connected}, except for the first connection.
     *
     * @param reason the reason for which the previous stream ended
     * @param silence the time without events
     */
    default void reopened(String reason, Duration silence) {}
}
