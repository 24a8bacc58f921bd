package io.github.lbkit.docker.internal.engine;

import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
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
 * A small pool of threads for blocking calls to the engine. A call that finds all threads busy waits in a queue. A
 * thread is created when it is first needed and ends with {@link #close}. Thread-safe.
 */
final class CallThreads implements AutoCloseable {
    private final Runtimes runtimes;
    private final String name;
    private final int maxThreads;
    private final List<Scheduler> threads = new ArrayList<>();
    private final Deque<Scheduler> idle = new ArrayDeque<>();
    private final Deque<Task<?>> waiting = new ArrayDeque<>();
    private final Set<Task<?>> active = new HashSet<>();
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

    CallThreads(Runtimes runtimes, String name, int maxThreads) {
        this.runtimes = runtimes;
        this.name = name;
        this.maxThreads = maxThreads;
    }

    /** Runs the work on one of the threads. */
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
            if (idle.isEmpty() && threads.size() < maxThreads) {
                Scheduler thread = runtimes.scheduler(name + "-" + (threads.size() + 1));
                threads.add(thread);
                idle.add(thread);
            }
            if (idle.isEmpty()) {
                return;
            }
            Scheduler thread = idle.pop();
            Task<?> task = waiting.remove();
            active.add(task);
            thread.execute(() -> {
                task.run();
                release(thread, task);
            });
        }
    }

    private synchronized void release(Scheduler thread, Task<?> done) {
        active.remove(done);
        idle.push(thread);
        assign();
    }

    /** Ends the threads. Waiting tasks are refused and active tasks are interrupted. Idempotent. */
    @Override
    public void close() {
        List<Task<?>> left = new ArrayList<>();
        synchronized (this) {
            closed = true;
            threads.forEach(Scheduler::close);
            left.addAll(waiting);
            left.addAll(active);
            waiting.clear();
            active.clear();
        }
        left.forEach(Task::refuse);
    }
}
