package io.github.lbkit.api;

/**
 * Where a composed balancer gets its threads from: named schedulers, each with a thread of its own. Thread-safe.
 */
@FunctionalInterface
public interface Runtimes {
    /** A scheduler of its own for the part of this name; whoever asks closes it. */
    Scheduler scheduler(String name);

    /** System time and daemon threads. */
    static Runtimes system() {
        return name -> new io.github.lbkit.api.internal.SystemScheduler(name);
    }
}
