package io.github.lbkit.http.internal.client;

import io.github.lbkit.api.LoadBalancer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The response timer of one client for the servers of one balancer: ends attempts that wait for their server for too
 * long. Thread-safe.
 *
 * <p>One task of the balancer's scheduler checks all waiting attempts at the earliest time at which one of them can
 * expire. An attempt has no task of its own. No task is scheduled while no attempt waits, so that the scheduler keeps
 * no client in memory.
 */
final class ResponseTimer {
    private final LoadBalancer balancer;
    private final long limitNanos;
    private final Set<ClientAttempt> waiting = ConcurrentHashMap.newKeySet();

    /** True while a task is scheduled. Written by waiting threads and by the task, by compare-and-set. */
    private final AtomicBoolean scheduled = new AtomicBoolean();

    ResponseTimer(LoadBalancer balancer, Duration limit) {
        this.balancer = balancer;
        limitNanos = limit.toNanos();
    }

    long nanoTime() {
        return balancer.nanoTime();
    }

    /** Adds an attempt that waits from now on. */
    void begin(ClientAttempt attempt) {
        waiting.add(attempt);
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            balancer.schedule(Duration.ofNanos(limitNanos), this::check);
        }
    }

    /** Removes an attempt that waits no longer. */
    void end(ClientAttempt attempt) {
        waiting.remove(attempt);
    }

    private void check() {
        long now = balancer.nanoTime();
        long next = limitNanos;
        for (ClientAttempt attempt : List.copyOf(waiting)) {
            long left = limitNanos - (now - attempt.waitingSince());
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
        balancer.schedule(Duration.ofNanos(next), this::check);
    }
}
