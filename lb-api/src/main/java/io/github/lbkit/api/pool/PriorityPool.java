package io.github.lbkit.api.pool;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.spi.PoolContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool that shows the first of several pools with enough available servers: failover, for example from one site to
 * another. Closing it leaves the other pools open. Thread-safe.
 *
 * <pre>{@code
 * PriorityPool pool = PriorityPool.open(context, List.of(nearSite, farSite), PriorityOptions.DEFAULTS);
 * }</pre>
 *
 * <ul>
 *     <li>A server is available if it is ready and passes the {@link PriorityOptions#healthChecks}, if there are any.
 *       Draining servers and servers of weight 0 do not count.
 *     <li>A pool is left at once when the share of its available servers falls below {@link
 *       PriorityOptions#failoverBelow} and another pool has enough. If no pool has enough, the current pool stays
 *       while it has one available server; after that, the first pool with an available server is taken.
 *     <li>A better pool is taken again when {@link PriorityOptions#returnAt} of its servers have been available for
 *       {@link PriorityOptions#returnAfter}. This hysteresis avoids a return to a pool that is not stable.
 *     <li>A pool with an unknown membership (version 0) is not taken. Such a pool is not left either, until its
 *       initial servers have become ready or failed once, or {@link PriorityOptions#initialTimeout} is over.
 *     <li>The servers of the pool that is left drain for up to 30 seconds, if they still run.
 *     <li>The servers of the first pool keep their ids. Servers of another pool have the id {@code pool/id}, so that
 *       two pools may have servers of the same id.
 *     <li>If one of the pools is a {@link ManagedServerPool}, this pool is one, too. Changes go to the pool that is
 *       shown, or to the pool of the servers that they name. They are refused for a pool that cannot be changed.
 * </ul>
 *
 * <p><b>Bad for</b> sharing load between pools: one pool gets all requests, and must be able to carry them.
 */
public sealed class PriorityPool extends DerivedPool permits ManagedPriorityPool {
    private static final Logger LOG = LoggerFactory.getLogger(PriorityPool.class);

    private final PriorityOptions options;
    private final List<PoolAvailability> availability = new ArrayList<>();

    /** The index of the pool whose servers are shown; written by the scheduler, read by every thread. */
    private volatile int current;

    private @Nullable Subscription timer;
    private boolean initialTimeIsOver;

    PriorityPool(PoolContext context, List<? extends ServerPool> pools, PriorityOptions options) {
        super(context, pools);
        this.options = options;
        for (InnerPool pool : super.pools) {
            availability.add(new PoolAvailability(pool, scheduler, options.healthChecks(), this::look));
        }
    }

    /**
     * Opens the pool over these pools, in order of priority.
     *
     * @throws IllegalArgumentException if the list is empty, or two pools have the same name
     */
    public static PriorityPool open(PoolContext context, List<? extends ServerPool> pools, PriorityOptions options) {
        List<String> names = names(pools);
        if (names.isEmpty() || names.stream().distinct().count() < names.size()) {
            throw new IllegalArgumentException("a priority pool needs pools of different names, not " + names);
        }
        PriorityPool pool = pools.stream().anyMatch(ManagedServerPool.class::isInstance)
                ? new ManagedPriorityPool(context, pools, options)
                : new PriorityPool(context, pools, options);
        pool.begin();
        pool.giveUpWaiting();
        return pool;
    }

    /** Schedules the end of the initial wait for pools that have not begun. */
    private void giveUpWaiting() {
        scheduler.schedule(options.initialTimeout(), () -> {
            initialTimeIsOver = true;
            look();
        });
    }

    @Override
    boolean begun(int pool) {
        return initialTimeIsOver || super.begun(pool);
    }

    /** The name of the pool whose servers are shown. */
    public String current() {
        return pools.get(current).name();
    }

    @Override
    void update() {
        for (PoolAvailability one : availability) {
            one.look(options.returnAt());
        }
        int before = current;
        int chosen = choose(before);
        if (chosen != before) {
            current = chosen;
            LOG.warn(
                    "pool {}: {} takes over from {}, of whose servers {} % are fit",
                    name(),
                    pools.get(chosen).name(),
                    pools.get(before).name(),
                    Math.round(availability.get(before).share() * 100));
        }
        if (pools.get(chosen).membership().isKnown()) {
            List<Server> servers = pools.get(chosen).membership().servers().stream()
                    .map(server -> here(chosen, server))
                    .toList();
            draining.show(servers, this::runs);
        }
        wakeForReturn(chosen);
    }

    private int choose(int now) {
        for (int i = 0; i < now; i++) {
            if (availability.get(i).steadyFor(options.returnAfter())) {
                return i;
            }
        }
        PoolAvailability present = availability.get(now);
        if (!begun(now) || (present.share() >= options.failoverBelow() && present.any())) {
            return now;
        }
        for (int i = 0; i < availability.size(); i++) {
            if (availability.get(i).any() && availability.get(i).share() >= options.failoverBelow()) {
                return i;
            }
        }
        for (int i = 0; i < availability.size() && !present.any(); i++) {
            if (availability.get(i).any()) {
                return i;
            }
        }
        return now;
    }

    /** Schedules the next check of the better pools. */
    private void wakeForReturn(int chosen) {
        if (timer != null) {
            timer.close();
            timer = null;
        }
        for (int i = 0; i < chosen; i++) {
            if (availability.get(i).steady()) {
                Duration left = availability.get(i).until(options.returnAfter());
                timer = scheduler.schedule(left, this::look);
                return;
            }
        }
    }

    private boolean runs(Server shown) {
        for (int i = 0; i < pools.size(); i++) {
            if (isReady(i, shown)) {
                return true;
            }
        }
        return false;
    }

    @Override
    int shown() {
        return current;
    }

    @Override
    String prefix(int pool) {
        return pool == 0 ? "" : pools.get(pool).name() + "/";
    }
}
