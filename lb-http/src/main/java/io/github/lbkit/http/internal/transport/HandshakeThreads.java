package io.github.lbkit.http.internal.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that compute TLS handshakes, so that no event loop waits for a signature. A bounded number of new
 * handshakes waits for the threads. Further clients wait in order, and no engine is made for them yet; their deadlines
 * run meanwhile. An idle pool has no threads. Thread-safe.
 *
 * <p>Handshakes with servers and the later steps of handshakes with clients come before the first steps of new ones: a
 * storm of clients delays no request that was accepted.
 */
public final class HandshakeThreads implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor pool;
    private final AtomicLong sequence = new AtomicLong();

    /** The permits for new handshakes. */
    private final Semaphore permits;

    /** The clients that wait for a permit. */
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /**
     * Creates a pool whose threads start with their first task.
     *
     * @param name the prefix of the threads' names
     * @param threads the maximum number of threads
     * @param maxBegun the maximum number of new handshakes with clients that wait for a thread or are computed
     */
    public HandshakeThreads(String name, int threads, int maxBegun) {
        permits = new Semaphore(maxBegun);
        AtomicInteger number = new AtomicInteger();
        pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new PriorityBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-tls-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Takes a permit to begin a handshake with a client.
     *
     * @param whenGranted called on any thread if there is no permit now: the caller has one then, and must release it
     *     even if it needs it no longer
     * @return whether the caller has a permit
     */
    boolean admit(Runnable whenGranted) {
        if (permits.tryAcquire()) {
            return true;
        }
        waiting.add(whenGranted);
        grant(); // a permit may have been released meanwhile
        return false;
    }

    /** Returns a permit. */
    void release() {
        permits.release();
        grant();
    }

    /** Gives free permits to waiting clients. */
    private void grant() {
        while (!waiting.isEmpty() && permits.tryAcquire()) {
            Runnable next = waiting.poll();
            if (next != null) {
                next.run();
            } else {
                permits.release();
            }
        }
    }

    /**
     * Runs a task on one of the threads.
     *
     * @param ahead whether the task runs before those that are the beginning of a handshake with a client
     * @throws RejectedExecutionException after {@link #close}
     */
    void execute(boolean ahead, Runnable work) {
        pool.execute(new Task(ahead, sequence.getAndIncrement(), work));
    }

    /** Ends the threads. Tasks that have not begun are dropped. Later calls do nothing. */
    @Override
    public void close() {
        pool.shutdownNow();
    }

    /** A task with its place in the order. */
    @SuppressWarnings("ComparableType") // equality is identity: no two tasks have the same number
    private record Task(boolean ahead, long number, Runnable work) implements Runnable, Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            return ahead == other.ahead ? Long.compare(number, other.number) : ahead ? -1 : 1;
        }

        @Override
        public void run() {
            work.run();
        }
    }
}
