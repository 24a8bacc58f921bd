package io.github.lbkit.api.internal.event;

import io.github.lbkit.api.InstanceListener;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.internal.GuardedCalls;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The listeners of a balancer's state, and the queue of undelivered events. Every listener gets all events in one
 * order, one call at a time. Thread-safe.
 *
 * <p>A change of state adds its event under the lock of the change, so that events have the order of the changes, and
 * delivers after the lock is released. The first delivering thread calls the listeners, also for events that other
 * threads add meanwhile; those threads do not wait.
 */
public final class StateListeners {
    private final List<InstanceListener> listeners = new CopyOnWriteArrayList<>();
    private final Queue<Consumer<InstanceListener>> events = new ConcurrentLinkedQueue<>();

    /** The number of requests to deliver; the thread that raises it from 0 delivers until it is 0 again. */
    private final AtomicInteger deliveries = new AtomicInteger();

    private final GuardedCalls calls;

    /** Creates a group without listeners. */
    public StateListeners(GuardedCalls calls) {
        this.calls = calls;
    }

    /** Registers a listener of all later events. */
    public Subscription add(InstanceListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Adds an event for every listener; the caller must call {@link #deliver} afterwards. */
    public void add(Consumer<InstanceListener> event) {
        events.add(event);
    }

    /** Adds an event for listeners of all events; the caller must call {@link #deliver} afterwards. */
    public void addForAll(Consumer<LoadBalancerListener> event) {
        events.add(l -> {
            if (l instanceof LoadBalancerListener all) {
                event.accept(all);
            }
        });
    }

    /** Delivers the added events, unless another thread is delivering. Must be called without a lock. */
    public void deliver() {
        if (deliveries.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (Consumer<InstanceListener> event; (event = events.poll()) != null; ) {
                deliver(event);
            }
            seen = deliveries.addAndGet(-seen);
        } while (seen != 0);
    }

    private void deliver(Consumer<InstanceListener> event) {
        for (InstanceListener listener : listeners) {
            calls.run(listener, "a change of state", () -> event.accept(listener));
        }
    }
}
