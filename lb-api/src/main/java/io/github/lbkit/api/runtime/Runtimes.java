package io.github.lbkit.api.runtime;

import io.github.lbkit.api.internal.SystemScheduler;

/**
 * The source of threads, time and addresses for a composed balancer: named schedulers, each with a thread of its own,
 * and one {@link NameResolver}. Thread-safe.
 */
@FunctionalInterface
public interface Runtimes {
    /** Returns a new scheduler with this name. The caller closes the scheduler. */
    Scheduler scheduler(String name);

    /**
     * Returns the resolver for the names of servers, {@link NameResolver#system()} by default. The caller must not
     * close it.
     */
    default NameResolver names() {
        return NameResolver.system();
    }

    /** Returns these runtimes with another resolver, which its creator closes. */
    default Runtimes withNames(NameResolver names) {
        Runtimes threads = this;
        return new Runtimes() {
            @Override
            public Scheduler scheduler(String name) {
                return threads.scheduler(name);
            }

            @Override
            public NameResolver names() {
                return names;
            }
        };
    }

    /** Returns runtimes with the system's time and daemon threads. */
    static Runtimes system() {
        return SystemScheduler::new;
    }
}
