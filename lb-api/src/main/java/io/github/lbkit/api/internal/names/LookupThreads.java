package io.github.lbkit.api.internal.names;

import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Subscription;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The threads that block in look-ups. A thread is asked for when no idle thread is left, up to a maximum, and ends after
 * some idle seconds. Tasks beyond the maximum wait in order. Thread-safe.
 */
final class LookupThreads implements AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Runtimes runtimes;
    private final Scheduler timer;
    private final int most;

    // All below is guarded by this object's monitor.
    private final Set<Lane> lanes = new HashSet<>();
    private final Deque<Lane> idle = new ArrayDeque<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private long numbers;
    private boolean closed;

    /** One thread. */
    private static final class Lane {
        final Scheduler thread;

        @Nullable
        Subscription end;

        Lane(Scheduler thread) {
            this.thread = thread;
        }
    }

    LookupThreads(Runtimes runtimes, Scheduler timer, int most) {
        this.runtimes = runtimes;
        this.timer = timer;
        this.most = most;
    }

    /** Runs a task on one of the threads, which the task may block. A task must not throw. */
    synchronized void run(Runnable task) {
        if (closed) {
            return;
        }
        Lane lane = idle.poll();
        if (lane == null && lanes.size() == most) {
            waiting.add(task);
            return;
        }
        if (lane == null) {
            lane = new Lane(runtimes.scheduler("names-lookup-" + ++numbers));
            lanes.add(lane);
        }
        begin(lane, task);
    }

    private void begin(Lane lane, Runnable task) {
        if (lane.end != null) {
            lane.end.close();
            lane.end = null;
        }
        lane.thread.execute(() -> {
            try {
                task.run();
            } finally {
                free(lane);
            }
        });
    }

    private synchronized void free(Lane lane) {
        Runnable next = waiting.poll();
        if (closed) {
            return;
        }
        if (next != null) {
            begin(lane, next);
        } else {
            idle.push(lane);
            lane.end = timer.schedule(IDLE, () -> end(lane));
        }
    }

    private synchronized void end(Lane lane) {
        if (idle.remove(lane)) {
            lanes.remove(lane);
            lane.thread.close();
        }
    }

    /** Ends the threads. A second call does nothing. */
    @Override
    public void close() {
        List<Lane> ending;
        synchronized (this) {
            closed = true;
            ending = new ArrayList<>(lanes);
            lanes.clear();
            idle.clear();
            waiting.clear();
        }
        ending.forEach(lane -> lane.thread.close());
    }
}
