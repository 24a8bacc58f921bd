package io.github.lbkit.docker.internal.engine;

import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A few threads on which calls to the engine may block; what finds all of them busy waits its turn. Thread-safe. A
 * thread is asked for when it is first needed, and ends with {@link #close}.
 */
final class CallThreads implements AutoCloseable {
    private final Runtimes runtimes;
    private final String name;
    private final int most;
    private final List<Scheduler> lanes = new ArrayList<>();
    private final Deque<Scheduler> idle = new ArrayDeque<>();
    private final Deque<Task<?>> waiting = new ArrayDeque<>();
    private final Set<Task<?>> running = new HashSet<>();
    private boolean closed;

    private record Task<T>(Supplier<T> work, CompletableFuture<T> result) {
        void run() {
            try {
                result.complete(work.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        }

        void refuse() {
            result.completeExceptionally(new IllegalStateException("the connection to the engine was closed"));
        }
    }

    CallThreads(Runtimes runtimes, String name, int most) {
        this.runtimes = runtimes;
        this.name = name;
        this.most = most;
    }

    /** Runs this on one of the threads. */
    <T> CompletionStage<T> run(Supplier<T> work) {
        Task<T> task = new Task<>(work, new CompletableFuture<>());
        synchronized (this) {
            if (!closed) {
                waiting.add(task);
                assign();
                return task.result;
            }
        }
        task.refuse();
        return task.result;
    }

    private synchronized void assign() {
        while (!waiting.isEmpty() && !closed) {
            if (idle.isEmpty() && lanes.size() < most) {
                Scheduler lane = runtimes.scheduler(name + "-" + (lanes.size() + 1));
                lanes.add(lane);
                idle.add(lane);
            }
            if (idle.isEmpty()) {
                return;
            }
            Scheduler lane = idle.pop();
            Task<?> task = waiting.remove();
            running.add(task);
            lane.execute(() -> {
                task.run();
                free(lane, task);
            });
        }
    }

    private synchronized void free(Scheduler lane, Task<?> done) {
        running.remove(done);
        idle.push(lane);
        assign();
    }

    /** Ends the threads; what waits is refused, what runs is interrupted. Again: nothing happens. */
    @Override
    public void close() {
        List<Task<?>> left = new ArrayList<>();
        synchronized (this) {
            closed = true;
            lanes.forEach(Scheduler::close);
            left.addAll(waiting);
            left.addAll(running);
            waiting.clear();
            running.clear();
        }
        left.forEach(Task::refuse);
    }
}
