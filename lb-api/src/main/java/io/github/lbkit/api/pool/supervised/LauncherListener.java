package io.github.lbkit.api.pool.supervised;

import java.time.Duration;

/** A listener to the reports of a launcher. Called on the launcher's thread; must not block. */
public interface LauncherListener {
    /**
     * Reports that an instance has ended or cannot serve any more. May be called more than once, and before the launch
     * of the instance has completed.
     *
     * @param detail the reason, for people
     */
    void exited(String id, long generation, String detail);

    /**
     * Reports that an instance runs but fails the runtime's health check. The instance continues to serve until a
     * replacement is ready.
     *
     * @param detail the failed check, for people
     */
    default void unfit(String id, long generation, String detail) {}

    /** Reports that an instance passes the runtime's health check again. */
    default void fit(String id, long generation) {}

    /** Hints that {@link Launcher#list} may have changed. */
    default void changed() {}

    /**
     * Reports that the launcher's event stream had ended and is open again.
     *
     * @param reason the reason of its end, for people
     * @param silence the time without events
     */
    default void streamReopened(String reason, Duration silence) {}
}
