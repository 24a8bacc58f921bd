package io.github.lbkit.examples.analysis;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notes when a balancer learns that an instance is lost, when its replacement may be chosen, and when that answers for the
 * first time. Thread-safe; a request costs it one volatile read.
 */
final class RecoveryWatch implements LoadBalancerListener {
    private final LongSupplier clock;

    /** Written under the monitor; read by every thread on which something happens. */
    private volatile @Nullable Watched watched;

    /** What is waited for, and what has been seen of it; guarded by the watch's monitor. */
    private static final class Watched {
        final String id;
        final long generation;
        OptionalLong detected = OptionalLong.empty();
        OptionalLong launched = OptionalLong.empty();
        OptionalLong replaced = OptionalLong.empty();
        OptionalLong served = OptionalLong.empty();

        Watched(String id, long generation) {
            this.id = id;
            this.generation = generation;
        }
    }

    /**
     * When it happened, by the clock; empty if it has not.
     *
     * @param detected the balancer knew that the instance was lost
     * @param launched a replacement was being launched
     * @param replaced the replacement could be chosen
     * @param served the replacement had answered a request
     */
    record Moments(OptionalLong detected, OptionalLong launched, OptionalLong replaced, OptionalLong served) {}

    RecoveryWatch(LongSupplier clock) {
        this.clock = clock;
    }

    /** Begins to wait for the loss of this server's instance. */
    synchronized void expectLoss(Server server) {
        watched = new Watched(
                server.id(), server.instance().map(Instance::generation).orElse(0L));
    }

    /** What has been seen until now. */
    synchronized Moments moments() {
        Watched now = watched;
        return now == null
                ? new Moments(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty())
                : new Moments(now.detected, now.launched, now.replaced, now.served);
    }

    /** Whether the replacement has answered. */
    boolean recovered() {
        return moments().served().isPresent();
    }

    @Override
    public void instanceLost(Server server, Instance instance) {
        lost(server.id(), instance.generation());
    }

    @Override
    public void poolEvent(PoolEvent event) {
        if (event instanceof PoolEvent.Lost lost) {
            lost(lost.id(), lost.generation());
        } else if (event instanceof PoolEvent.Launching launching) {
            launching(launching.id(), launching.generation());
        }
    }

    @Override
    public void membershipChanged(Membership before, Membership after, boolean newTable) {
        Watched now = watched;
        if (now == null) {
            return;
        }
        Server server = after.server(now.id).orElse(null);
        if (server == null || server.state() != Server.State.READY) {
            lost(now.id, now.generation);
        } else if (server.instance().map(Instance::generation).orElse(0L) > now.generation) {
            replaced();
        }
    }

    @Override
    public void succeeded(Server server, Duration sinceBegin) {
        Watched now = watched;
        if (now != null
                && server.id().equals(now.id)
                && server.instance().map(Instance::generation).orElse(0L) > now.generation) {
            served();
        }
    }

    private synchronized void lost(String id, long generation) {
        Watched now = watched;
        if (now != null && now.id.equals(id) && now.generation == generation && now.detected.isEmpty()) {
            now.detected = OptionalLong.of(clock.getAsLong());
        }
    }

    private synchronized void launching(String id, long generation) {
        Watched now = watched;
        if (now != null && now.id.equals(id) && now.generation < generation && now.launched.isEmpty()) {
            now.launched = OptionalLong.of(clock.getAsLong());
        }
    }

    private synchronized void replaced() {
        Watched now = watched;
        if (now != null && now.replaced.isEmpty()) {
            now.replaced = OptionalLong.of(clock.getAsLong());
        }
    }

    private synchronized void served() {
        Watched now = watched;
        if (now != null && now.served.isEmpty()) {
            now.served = OptionalLong.of(clock.getAsLong());
        }
    }
}
