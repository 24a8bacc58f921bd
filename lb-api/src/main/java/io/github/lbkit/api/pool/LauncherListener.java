package io.github.lbkit.api.pool;

/** Follows a launcher. Called on the launcher's thread; must not block. */
public interface LauncherListener {
    /**
     * This instance has ended, or cannot serve any more. May come more than once, and for an instance whose launch has
     * not completed.
     *
     * @param detail how it ended, for people
     */
    void exited(String id, long generation, String detail);

    /** Something may have changed: a hint that {@link Launcher#list} is worth a look. */
    default void changed() {}
}
