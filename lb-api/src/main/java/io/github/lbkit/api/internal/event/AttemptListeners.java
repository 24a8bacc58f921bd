package io.github.lbkit.api.internal.event;

import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.internal.GuardedCalls;
import java.util.List;
import java.util.function.Consumer;

/**
 * The listeners of single calls and attempts, called on the thread of the event. An exception of a listener affects
 * neither the attempt nor other listeners. Thread-safe.
 */
public final class AttemptListeners {
    private final List<LoadBalancerListener> listeners;
    private final GuardedCalls calls;

    /** Creates the group of these listeners. */
    public AttemptListeners(List<LoadBalancerListener> listeners, GuardedCalls calls) {
        this.listeners = List.copyOf(listeners);
        this.calls = calls;
    }

    /** Calls all listeners. */
    public void tell(Consumer<LoadBalancerListener> call) {
        for (LoadBalancerListener listener : listeners) {
            calls.run(listener, "an attempt", () -> call.accept(listener));
        }
    }
}
