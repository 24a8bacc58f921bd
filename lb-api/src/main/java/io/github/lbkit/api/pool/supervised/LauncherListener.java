package io.github.lbkit.api.pool.supervised;

import java.time.Duration;

/** Follows a launcher. Called on the launcher's thread; must not block. */
public interface LauncherListener {
    /**
     * This instance has ended, or cannot serve any more. May come more than once, and for an instance whose launch has
     * not completed.
     *
     * @param detail how it ended, for people
     */
    void exited(String id, long generation, String detail);

    /**
     * This instance runs and fails the health check that the runtime makes of it. It goes on serving until another has taken
     * its place.
     *
     * @param detail what failed, for people
     */
    default void unfit(String id, long generation, String detail) {}

    /** This instance passes the runtime's health check again. */
    default void fit(String id, long generation) {}

    /** Something may have changed: a hint that {@link Launcher#list} is worth a look. */
    default void changed() {}

    /**
     * The stream on which the launcher hears of its instances had ended, and is followed again.
     *
     * @param reason why it had ended, for people
     * @param silence how long nothing was heard
     */
    default void streamReopened(String reason, Duration silence) {}
}
