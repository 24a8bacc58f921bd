package io.github.lbkit.testkit;

import io.github.lbkit.api.NameResolver;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Runtimes that know which of their schedulers are still open: with system runtimes each of them would be a thread.
 * Thread-safe.
 */
public final class OpenSchedulers implements Runtimes {
    private final Runtimes runtimes;
    private final List<Counted> open = new CopyOnWriteArrayList<>();

    /** Runtimes that hand out these schedulers. */
    public OpenSchedulers(Runtimes runtimes) {
        this.runtimes = runtimes;
    }

    @Override
    public Scheduler scheduler(String name) {
        Counted counted = new Counted(name, runtimes.scheduler(name));
        open.add(counted);
        return counted;
    }

    @Override
    public NameResolver names() {
        return runtimes.names();
    }

    /** Returns the names of the schedulers that are open, in the order in which they were asked for. */
    public List<String> stillOpen() {
        List<String> names = new ArrayList<>();
        open.forEach(scheduler -> names.add(scheduler.name));
        return names;
    }

    private final class Counted implements Scheduler {
        private final String name;
        private final Scheduler real;

        Counted(String name, Scheduler real) {
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
