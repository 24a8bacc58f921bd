package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.internal.pool.Backoff;
import io.github.lbkit.api.internal.pool.EventLoop;
import io.github.lbkit.api.internal.pool.PoolLog;
import io.github.lbkit.api.pool.spi.Notifier;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The instances of a pool that are on their way out. Confined to the pool's loop. */
final class Terminations {
    private final Notifier notifier;
    private final PoolPublisher outbox;
    private final Termination.Means means;
    private final Duration drainTimeout;
    private final Consumer<InstanceId> gone;
    private final Map<InstanceId, Termination> byKey = new LinkedHashMap<>();

    Terminations(
            EventLoop loop,
            Launcher launcher,
            Notifier notifier,
            PoolLog log,
            PoolPublisher outbox,
            SupervisedOptions options,
            Backoff retries,
            Consumer<InstanceId> gone) {
        this.notifier = notifier;
        this.outbox = outbox;
        this.gone = gone;
        means = new Termination.Means(loop, launcher, options.stopGrace, retries, log, this::gone);
        drainTimeout = options.drainTimeout;
    }

    Collection<Termination> all() {
        return byKey.values();
    }

    boolean contains(InstanceId key) {
        return byKey.containsKey(key);
    }

    /** Cleans up after an instance that serves nobody: it died, or was never ready. */
    void end(InstanceId key) {
        depart(key, null).stop();
    }

    /** Stops an instance that does not belong here. */
    void retire(InstanceId key, String why) {
        outbox.event(new PoolEvent.Retired(key, why));
        depart(key, null).announce().stop();
    }

    /**
     * Drains and stops an instance that has served.
     *
     * @param shown whether the membership shows it as long as it is there
     */
    void drain(Server draining, Instance instance, boolean shown) {
        InstanceId key = new InstanceId(draining.id(), instance.generation());
        Termination departure = depart(key, shown ? draining : null).announce();
        outbox.then(() -> departure.drain(notifier, draining, drainTimeout, result -> drained(key, result)));
    }

    /** It ended by itself, so that there is nothing to drain. */
    void exited(InstanceId key) {
        Termination departure = byKey.get(key);
        if (departure != null) {
            departure.stop();
        }
    }

    /** Ends all drains. */
    void hurry() {
        List.copyOf(byKey.values()).forEach(Termination::stop);
    }

    private void drained(InstanceId key, DrainResult result) {
        outbox.event(new PoolEvent.Drained(key, result));
    }

    private Termination depart(InstanceId key, @Nullable Server shown) {
        return byKey.computeIfAbsent(key, k -> new Termination(means, k, shown));
    }

    private void gone(Termination departure) {
        InstanceId key = departure.key();
        byKey.remove(key, departure);
        gone.accept(key);
        if (departure.announced()) {
            outbox.event(new PoolEvent.Stopped(key));
        }
    }
}
