package io.github.lbkit.testkit.fault;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Runtimes that list the schedulers which were not closed, to find leaks: with system runtimes, each scheduler is a
 * thread. Thread-safe.
 */
public final class OpenSchedulers implements Runtimes {
    private final Runtimes runtimes;
    private final List<Tracked> open = new CopyOnWriteArrayList<>();

    /** Creates runtimes that delegate to these. */
    public OpenSchedulers(Runtimes runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public Scheduler scheduler(String name) {
        Tracked tracked = new Tracked(name, runtimes.scheduler(name));
        open.add(tracked);
        return tracked;
    }

    @Override
    public NameResolver names() {
        return runtimes.names();
    }

    /** Returns the names of the open schedulers in order of creation. */
    public List<String> stillOpen() {
        List<String> names = new ArrayList<>();
        open.forEach(scheduler -> names.add(scheduler.name));
        return names;
    }

    private final class Tracked implements Scheduler {
        private final String name;
        private final Scheduler real;

        Tracked(String name, Scheduler real) {
            this.name = name;
            this.real = real;
        }

        @Override
        public long nanoTime() {
            return real.nanoTime();
        }

        @Override
        public Instant now() {
            return real.now();
        }

        @Override
        public Subscription schedule(Duration delay, Runnable task) {
            return real.schedule(delay, task);
        }

        @Override
        public void close() {
            open.remove(this);
            real.close();
        }
    }
}
