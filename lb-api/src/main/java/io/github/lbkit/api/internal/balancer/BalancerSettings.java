package io.github.lbkit.api.internal.balancer;

import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.internal.protection.Protection;
import io.github.lbkit.api.internal.search.CallContext;
import io.github.lbkit.api.runtime.Runtimes;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The settings of a balancer. Immutable.
 *
 * @param runtimes the source of time and of the balancer's thread
 * @param random the source of random draws, 64 bits each; thread-safe
 * @param limits the limits of calls
 * @param protection the kinds of protection
 * @param loadCounters the number of load counters of each instance, a power of two
 * @param listeners the listeners of all events
 */
public record BalancerSettings(
        Runtimes runtimes,
        LongSupplier random,
        CallContext.Limits limits,
        Protection.Settings protection,
        int loadCounters,
        List<LoadBalancerListener> listeners) {
    /** Copies the list. */
    public BalancerSettings {
        listeners = List.copyOf(listeners);
    }
}
