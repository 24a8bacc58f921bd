package io.github.lbkit.api;

import io.github.lbkit.api.internal.RateLimitedLog;
import java.util.List;
import java.util.function.Consumer;

/**
 * The listeners of single calls and attempts, called on the threads on which they happen. A listener that throws harms
 * neither the attempt nor the other listeners. Thread-safe.
 */
final class AttemptListeners {
    private final List<LoadBalancerListener> listeners;
    private final RateLimitedLog log;

    AttemptListeners(List<LoadBalancerListener> listeners, RateLimitedLog log) {
        this.listeners = List.copyOf(listeners);
        this.log = log;
    }

    void tell(Consumer<LoadBalancerListener> call) {
        for (LoadBalancerListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (Throwable e) {
                StateListeners.failed(log, listener, e);
            }
        }
    }
}
