package io.github.lbkit.api;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who follow single attempts; one that throws is logged once, and the others are told all the same. */
final class AttemptListeners {
    private static final Logger LOG = LoggerFactory.getLogger(LoadBalancer.class);

    private final List<LoadBalancerListener> listeners;
    private final Set<LoadBalancerListener> logged = ConcurrentHashMap.newKeySet();

    AttemptListeners(List<LoadBalancerListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    void tell(Consumer<LoadBalancerListener> call) {
        for (LoadBalancerListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException e) {
                if (logged.add(listener)) {
                    LOG.error(
                            "listener {} failed; further failures of it are not logged",
                            listener.getClass().getName(),
                            e);
                }
            }
        }
    }
}
