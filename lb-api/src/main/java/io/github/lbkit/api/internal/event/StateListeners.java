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
 * The listeners of a balancer's state, and the events they have not heard of yet. Every listener hears all events in one
 * order, one call at a time. Thread-safe.
 *
 * <p>A change of state adds its event, under the lock of the change, so that the order of events is that of the changes; it
 * delivers after it has released the lock. The first thread that delivers calls the listeners, also for events that other
 * threads add meanwhile; those threads do not wait.
 */
public final class StateListeners {
    private final List<InstanceListener> listeners = new CopyOnWriteArrayList<>();
    private final Queue<Consumer<InstanceListener>> events = new ConcurrentLinkedQueue<>();

    /** Requests to deliver; the thread that raises it from 0 delivers until it is 0 again. */
    private final AtomicInteger deliveries = new AtomicInteger();

    private final GuardedCalls calls;

    public StateListeners(GuardedCalls calls) {
        this.calls = calls;
    }

    public Subscription add(InstanceListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Adds an event for every listener; {@link #deliver} must follow. */
    public void add(Consumer<InstanceListener> event) {
        events.add(event);
    }

    /** Adds an event for the listeners that follow everything; {@link #deliver} must follow. */
    public void addForAll(Consumer<LoadBalancerListener> event) {
        events.add(l -> {
            if (l instanceof LoadBalancerListener all) {
                event.accept(all);
            }
        });
    }

    /** Delivers what was added, unless another thread is delivering and will. Must be called without a lock. */
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
