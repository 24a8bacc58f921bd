package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.LoadBalancer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The time limit of one client's attempts at the servers of one balancer: ends an attempt that has waited for its server
 * for too long. Thread-safe.
 *
 * <p>One task of the balancer's scheduler looks at all attempts that wait, at the earliest time at which one of them can be
 * due. An attempt costs no task of its own. No task is scheduled while nothing waits, so that no client is kept in memory.
 */
final class ResponseTimer {
    private final LoadBalancer balancer;
    private final long limitNanos;
    private final Set<Running> waiting = ConcurrentHashMap.newKeySet();

    /** Whether a task is scheduled; written by whoever begins to wait and by the task, by compare-and-set. */
    private final AtomicBoolean scheduled = new AtomicBoolean();

    ResponseTimer(LoadBalancer balancer, Duration limit) {
        this.balancer = balancer;
        limitNanos = limit.toNanos();
    }

    long nanoTime() {
        return balancer.nanoTime();
    }

    /** The attempt waits from now on. */
    void begin(Running attempt) {
        waiting.add(attempt);
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            balancer.schedule(Duration.ofNanos(limitNanos), this::look);
        }
    }

    /** The attempt waits no longer. */
    void end(Running attempt) {
        waiting.remove(attempt);
    }

    private void look() {
        long now = balancer.nanoTime();
        long next = limitNanos;
        for (Running attempt : List.copyOf(waiting)) {
            long left = limitNanos - (now - attempt.waitsSince());
            if (left > 0) {
                next = Math.min(next, left);
            } else if (waiting.remove(attempt)) {
                attempt.expire();
            }
        }
        if (waiting.isEmpty()) {
            scheduled.set(false);
            if (waiting.isEmpty() || !scheduled.compareAndSet(false, true)) {
                return;
            }
        }
        balancer.schedule(Duration.ofNanos(next), this::look);
    }
}
