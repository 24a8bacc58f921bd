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
 * A listener that records the recovery from the loss of an instance: its detection, the launch of a replacement, and
 * the first answer of the replacement. Thread-safe; a request costs one volatile read.
 */
final class RecoveryWatch implements LoadBalancerListener {
    private final LongSupplier clock;

    /** The loss to watch. Written under the monitor, read by all threads that report events. */
    private volatile @Nullable Loss watched;

    /** The expected loss, and the times of its recovery; guarded by the monitor of the watch. */
    private static final class Loss {
        final String id;
        final long generation;
        OptionalLong detected = OptionalLong.empty();
        OptionalLong launched = OptionalLong.empty();
        OptionalLong replaced = OptionalLong.empty();
        OptionalLong served = OptionalLong.empty();

        Loss(String id, long generation) {
            this.id = id;
            this.generation = generation;
        }
    }

    /**
     * The times of a recovery, on the clock; empty if a step has not happened.
     *
     * @param detected the balancer detected the loss
     * @param launched the launch of the replacement began
     * @param replaced the replacement could be picked
     * @param served the replacement had answered its first request
     */
    record Times(OptionalLong detected, OptionalLong launched, OptionalLong replaced, OptionalLong served) {}

    RecoveryWatch(LongSupplier clock) {
        this.clock = clock;
    }

    /** Starts to watch for the loss of this server's instance. */
    synchronized void expectLoss(Server server) {
        watched = new Loss(
                server.id(), server.instance().map(Instance::generation).orElse(0L));
    }

    /** Returns the times so far. */
    synchronized Times times() {
        Loss loss = watched;
        return loss == null
                ? new Times(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty())
                : new Times(loss.detected, loss.launched, loss.replaced, loss.served);
    }

    /** Returns whether the replacement has answered. */
    boolean recovered() {
        return times().served().isPresent();
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
        Loss loss = watched;
        if (loss == null) {
            return;
        }
        Server server = after.server(loss.id).orElse(null);
        if (server == null || server.state() != Server.State.READY) {
            lost(loss.id, loss.generation);
        } else if (server.instance().map(Instance::generation).orElse(0L) > loss.generation) {
            replaced();
        }
    }

    @Override
    public void succeeded(Server server, Duration sinceBegin) {
        Loss loss = watched;
        if (loss != null
                && server.id().equals(loss.id)
                && server.instance().map(Instance::generation).orElse(0L) > loss.generation) {
            served();
        }
    }

    private synchronized void lost(String id, long generation) {
        Loss loss = watched;
        if (loss != null && loss.id.equals(id) && loss.generation == generation && loss.detected.isEmpty()) {
            loss.detected = OptionalLong.of(clock.getAsLong());
        }
    }

    private synchronized void launching(String id, long generation) {
        Loss loss = watched;
        if (loss != null && loss.id.equals(id) && loss.generation < generation && loss.launched.isEmpty()) {
            loss.launched = OptionalLong.of(clock.getAsLong());
        }
    }

    private synchronized void replaced() {
        Loss loss = watched;
        if (loss != null && loss.replaced.isEmpty()) {
            loss.replaced = OptionalLong.of(clock.getAsLong());
        }
    }

    private synchronized void served() {
        Loss loss = watched;
        if (loss != null && loss.served.isEmpty()) {
            loss.served = OptionalLong.of(clock.getAsLong());
        }
    }
}
