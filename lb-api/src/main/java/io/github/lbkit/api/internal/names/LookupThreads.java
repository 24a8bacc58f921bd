package io.github.lbkit.api.internal.names;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The threads that block in look-ups. A thread is asked for when no idle thread is left, up to a maximum, and ends
 * after some idle seconds. Tasks beyond the maximum wait in order. Thread-safe.
 */
final class LookupThreads implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Function<String, Scheduler> threads;
    private final Scheduler timer;
    private final int most;

    // All below is guarded by this object's monitor.
    private final Set<Worker> workers = new HashSet<>();
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private long numbers;
    private boolean closed;

    /** One thread. */
    private static final class Worker {
        final Scheduler thread;

        @Nullable
        Subscription end;

        Worker(Scheduler thread) {
            this.thread = thread;
        }
    }

    LookupThreads(Function<String, Scheduler> threads, Scheduler timer, int most) {
        this.threads = threads;
        this.timer = timer;
        this.most = most;
    }

    /** Runs a task on one of the threads, which the task may block. A task must not throw. */
    synchronized void run(Runnable task) {
        if (closed) {
            return;
        }
        Worker worker = idle.poll();
        if (worker == null && workers.size() == most) {
            waiting.add(task);
            return;
        }
        if (worker == null) {
            worker = new Worker(threads.apply("names-lookup-" + ++numbers));
            workers.add(worker);
        }
        begin(worker, task);
    }

    private void begin(Worker worker, Runnable task) {
        if (worker.end != null) {
            worker.end.close();
            worker.end = null;
        }
        worker.thread.execute(() -> {
            try {
                task.run();
            } finally {
                free(worker);
            }
        });
    }

    private synchronized void free(Worker worker) {
        Runnable next = waiting.poll();
        if (closed) {
            return;
        }
        if (next != null) {
            begin(worker, next);
        } else {
            idle.push(worker);
            worker.end = timer.schedule(IDLE, () -> end(worker));
        }
    }

    private synchronized void end(Worker worker) {
        if (idle.remove(worker)) {
            workers.remove(worker);
            worker.thread.close();
        }
    }

    /** Ends the threads. A second call does nothing. */
    @Override
    public void close() {
        List<Worker> ending;
        synchronized (this) {
            closed = true;
            ending = new ArrayList<>(workers);
            workers.clear();
            idle.clear();
            waiting.clear();
        }
        ending.forEach(worker -> worker.thread.close());
    }
}
