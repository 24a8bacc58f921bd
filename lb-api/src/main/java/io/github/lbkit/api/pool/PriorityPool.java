package io.github.lbkit.api.pool;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of the first of several pools that has enough fit ones: failover, from one site to the next for example.
 * Thread-safe. Closing it leaves the other pools open.
 *
 * <ul>
 *   <li>A server is fit if it is ready and, where {@link PriorityOptions#healthChecks} are set, passes them. Draining ones
 *       and those of weight 0 do not count.
 *   <li>A pool is left at once when less than {@link PriorityOptions#failoverBelow} of its servers is fit, for the first
 *       pool that has enough. If no pool has, nothing changes as long as there is one fit server; then the first pool that
 *       has one is taken.
 *   <li>A better pool is taken again when {@link PriorityOptions#returnAt} of its servers have been fit for {@link
 *       PriorityOptions#returnAfter}. These two are the hysteresis: a pool that wavers is not returned to.
 *   <li>A pool that knows nothing yet (membership version 0) is not taken; nor is it left, until all that it began with has
 *       become ready or failed once, or {@link PriorityOptions#initialTimeout} is over.
 *   <li>The servers that are left drain for up to 30 seconds, if they still run.
 *   <li>The first pool's servers keep their ids; those of another pool are called {@code pool/id}, so that two pools may
 *       have servers of one id.
 *   <li>Where one of the pools is a {@link ManagedServerPool}, this is one, too: changes are made to the pool that is shown,
 *       or to that of the servers they name; to a pool that cannot be changed they are refused.
 * </ul>
 *
 * <p><b>Bad for</b> sharing load between pools: all of it goes to one. The pools must be able to carry it.
 */
public sealed class PriorityPool extends DerivedPool permits ManagedPriorityPool {
    private static final Logger LOG = LoggerFactory.getLogger(PriorityPool.class);

    private final PriorityOptions options;
    private final List<PoolAvailability> fitness = new ArrayList<>();

    /** The pool whose servers are shown; written by the scheduler, read by everyone. */
    private volatile int current;

    private @Nullable Subscription timer;
    private boolean initialTimeIsOver;

    PriorityPool(PoolContext context, List<? extends ServerPool> pools, PriorityOptions options) {
        super(context, pools);
        this.options = options;
        for (InnerPool pool : super.pools) {
            fitness.add(new PoolAvailability(pool, scheduler, options.healthChecks(), this::look));
        }
    }

    /**
     * Opens the pool over these, best first.
     *
     * @throws IllegalArgumentException if there is none, or two have one name
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

    /** Begins the time after which pools that have not begun are judged by what they show. */
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
        for (PoolAvailability one : fitness) {
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
                    Math.round(fitness.get(before).share() * 100));
        }
        if (pools.get(chosen).membership().isKnown()) {
            List<Server> servers = pools.get(chosen).membership().servers().stream()
                    .map(server -> here(chosen, server))
                    .toList();
            showcase.show(servers, this::runs);
        }
        wakeForReturn(chosen);
    }

    private int choose(int now) {
        for (int i = 0; i < now; i++) {
            if (fitness.get(i).steadyFor(options.returnAfter())) {
                return i;
            }
        }
        PoolAvailability present = fitness.get(now);
        if (!begun(now) || (present.share() >= options.failoverBelow() && present.any())) {
            return now;
        }
        for (int i = 0; i < fitness.size(); i++) {
            if (fitness.get(i).any() && fitness.get(i).share() >= options.failoverBelow()) {
                return i;
            }
        }
        for (int i = 0; i < fitness.size() && !present.any(); i++) {
            if (fitness.get(i).any()) {
                return i;
            }
        }
        return now;
    }

    /** Looks again when a better pool may have been steady for long enough. */
    private void wakeForReturn(int chosen) {
        if (timer != null) {
            timer.close();
            timer = null;
        }
        for (int i = 0; i < chosen; i++) {
            if (fitness.get(i).steady()) {
                Duration left = fitness.get(i).until(options.returnAfter());
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
