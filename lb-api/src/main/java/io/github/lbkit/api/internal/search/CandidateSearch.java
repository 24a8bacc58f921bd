package io.github.lbkit.api.internal.search;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.explain.SkipReason;
import io.github.lbkit.api.internal.load.LoadCounter;
import io.github.lbkit.api.internal.load.ServerLoad;
import io.github.lbkit.api.internal.load.TrafficHealth;
import io.github.lbkit.api.internal.protection.Protection;
import io.github.lbkit.api.internal.snapshot.Filters;
import io.github.lbkit.api.internal.snapshot.RoutingTable;
import io.github.lbkit.api.internal.snapshot.Snapshot;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The search for a server over the candidates of one key. It asks the picker for the next candidate, and the filters
 * whether the candidate may be taken. The filters are written once, in the order of {@link SkipReason}. {@link
 * BalancerCall} takes the candidate; {@link DryRunSearch} only reports it. The search is the picker's cursor itself.
 * Confined to the call's thread.
 */
abstract class CandidateSearch extends Cursor {
    private static final byte NOTHING = 0;
    private static final byte SERVERS = 1;
    private static final byte POOL = 2;

    final CallContext context;
    final Key key;
    private Snapshot snapshot;

    /** The load counter of the newest taken candidate; null before the first. */
    private @Nullable LoadCounter last;

    /** The load counters of the candidates taken before the newest; null without any. */
    private LoadCounter @Nullable [] earlier;

    /** The state of bounded load; null without a bound. */
    private final @Nullable BoundedLoadSearch bounded;

    /** True if a second pass may take a candidate that the first pass skipped. */
    private boolean mayRepeat;

    private boolean ignoreWarmUp;

    /** The fullness found by the last pass: {@link #NOTHING}, {@link #SERVERS} or {@link #POOL}. */
    private byte full;

    /** The number of the trial that the newest candidate is; 0 for an ordinary attempt. */
    private int trial;

    /**
     * Creates a search.
     *
     * @param takes whether the search takes candidates, so that they count as in flight
     */
    CandidateSearch(CallContext context, Key key, Snapshot snapshot, boolean takes) {
        super(context.random);
        this.context = context;
        this.key = key;
        this.snapshot = snapshot;
        this.bounded = context.boundedLoad == null ? null : new BoundedLoadSearch(context.boundedLoad, takes);
    }

    /** Returns the hash of the key, if the picker asked for it; else 0. */
    final long routedHash() {
        return keyHash();
    }

    /** Returns the snapshot that is searched. */
    final Snapshot snapshot() {
        return snapshot;
    }

    /** Returns whether the last search found no server to take and at least one full server. */
    final boolean busy() {
        return full == SERVERS;
    }

    /** Returns whether the last search ended because the pool's in-flight cap was reached. */
    final boolean poolBusy() {
        return full == POOL;
    }

    /** Returns the number of the trial that the newest candidate is; 0 for an ordinary attempt. */
    final int trial() {
        return trial;
    }

    /** Returns the load counter of the newest taken candidate. */
    final LoadCounter counter() {
        if (last == null) {
            throw new IllegalStateException("no candidate was taken");
        }
        return last;
    }

    /** Returns the picker to ask. */
    abstract Picker picker(RoutingTable table);

    /** Returns whether the instance's traffic allows an attempt, as {@link TrafficHealth#pass} does. */
    abstract int pass(ServerLoad load);

    /** Gives back the trial of a candidate that a later filter refused. */
    abstract void giveBack(ServerLoad load, int trialNumber);

    /** Acquires a place at the server, unless the server is closed or has this number of attempts in flight. */
    abstract LoadCounter.Admission enter(LoadCounter counter, long limit);

    /** Acquires a place within the pool's cap; on failure gives back the place at the server and returns false. */
    abstract boolean enterPool(InFlightCap cap, LoadCounter counter);

    /** Called when a candidate was taken. */
    abstract void onTaken(LoadCounter counter, int index);

    /** Called when a candidate was skipped. */
    abstract void onSkipped(int index, SkipReason reason);

    /**
     * Takes a candidate, which counts as in flight from now on and is not taken again by this search. If a picker
     * throws, no candidate is taken.
     *
     * @return the candidate's index in the snapshot's table; −1 if there is none
     */
    final int take() {
        if (bounded == null) {
            return takeUnbounded();
        }
        bounded.begin();
        int index = -1;
        try {
            index = takeUnbounded();
            index = index >= 0 || poolBusy() ? index : force(bounded);
            return index;
        } finally {
            if (index < 0) {
                bounded.end();
            }
        }
    }

    private int takeUnbounded() {
        ignoreWarmUp = false;
        int taken = searchOnce();
        if (taken < 0 && mayRepeat && !poolBusy()) {
            restart();
            ignoreWarmUp = true;
            if (bounded != null) {
                bounded.reread();
            }
            taken = searchOnce();
            mayRepeat = true;
        }
        return taken;
    }

    /** Continues with the newest snapshot; returns false if that snapshot was searched already. */
    final boolean refresh() {
        if (context.snapshot() == snapshot) {
            return false;
        }
        restartAtNewest();
        return true;
    }

    /** Restarts with the newest snapshot; tried candidates stay tried. */
    final void restartAtNewest() {
        snapshot = context.snapshot();
        restart();
        mayRepeat = false;
    }

    private int searchOnce() {
        if (full != NOTHING) {
            full = NOTHING;
        }
        Picker picker = picker(snapshot.table());
        int index = picker.next(key, this, snapshot);
        while (index >= 0) {
            SkipReason skip = admit(index);
            if (skip == null) {
                return index;
            }
            onSkipped(index, skip);
            if (poolBusy()) {
                return -1;
            }
            index = picker.next(key, this, snapshot);
        }
        return -1;
    }

    /** Applies all filters in their order; returns null if the candidate was taken. */
    final @Nullable SkipReason admit(int index) {
        LoadCounter counter = snapshot.ready()[index];
        if (counter == null) {
            return Filters.fixed(snapshot.server(index), snapshot.load(index), snapshot.override(index));
        }
        if (last != null && wasTried(counter.load())) {
            return SkipReason.TRIED;
        }
        if (trial != 0) {
            trial = 0;
        }
        SkipReason skip = counter.isFastPath() ? occupy(counter, index, false) : protect(counter, index);
        if (skip == null) {
            onTaken(counter, index);
        } else {
            mayRepeat |= skip != SkipReason.NOT_READY;
            noteFull(skip);
        }
        return skip;
    }

    private void noteFull(SkipReason skip) {
        if (skip == SkipReason.POOL_AT_CAPACITY) {
            full = POOL;
        } else if (skip == SkipReason.AT_CAPACITY && full == NOTHING) {
            full = SERVERS;
        }
    }

    /** Applies all filters as {@link #admit} does, but warm-up does not decline. */
    final @Nullable SkipReason admitIgnoringWarmUp(int index) {
        ignoreWarmUp = true;
        return admit(index);
    }

    private @Nullable SkipReason protect(LoadCounter counter, int index) {
        Protection protection = context.protection;
        ServerLoad load = counter.load();
        if (protection.isUnhealthy(load)) {
            return SkipReason.UNHEALTHY;
        }
        int pass = pass(load);
        if (pass == TrafficHealth.REFUSED) {
            return SkipReason.EJECTED;
        }
        boolean tooEarly = !ignoreWarmUp && pass == TrafficHealth.ADMITTED && declines(load);
        SkipReason skip = tooEarly ? SkipReason.WARMING_UP : occupy(counter, index, true);
        if (skip == null) {
            trial = pass;
        } else if (pass != TrafficHealth.ADMITTED) {
            giveBack(load, pass);
        }
        return skip;
    }

    private boolean declines(ServerLoad load) {
        return snapshot.table().byKey()
                ? context.protection.declines(load, this::keyHash)
                : context.protection.declines(load, context.random);
    }

    /** Acquires a place within the server's caps, and one within the pool's cap. */
    private @Nullable SkipReason occupy(LoadCounter counter, int index, boolean special) {
        int elsewhere = special ? counter.load().inFlightOfEarlierStays() : 0;
        SkipReason skip = bounded == null
                ? enter(counter, limit(elsewhere)).skipReason()
                : enterBounded(bounded, counter, index, elsewhere);
        InFlightCap cap = context.inFlightCap;
        return skip == null && cap != null && !enterPool(cap, counter) ? SkipReason.POOL_AT_CAPACITY : skip;
    }

    private long limit(int elsewhere) {
        long limit = context.maxInFlightPerServer;
        return limit == Long.MAX_VALUE ? limit : limit - elsewhere;
    }

    private @Nullable SkipReason enterBounded(BoundedLoadSearch bound, LoadCounter counter, int index, int elsewhere) {
        long limit = limit(elsewhere);
        long cap = bound.cap(weight(counter.load(), index), eligibleWeight());
        SkipReason skip = enter(counter, Math.min(cap - elsewhere, limit)).skipReason();
        long inFlight = counter.inFlight();
        if (skip != SkipReason.AT_CAPACITY || inFlight >= limit) {
            return skip;
        }
        bound.onSkipped(index, inFlight + elsewhere, cap);
        return SkipReason.OVERLOADED;
    }

    private double eligibleWeight() {
        return snapshot.readyWeight() - context.protection.outWeight() - context.protection.coldWeight();
    }

    /** Returns the server's weight, reduced during the warm-up. */
    private double weight(ServerLoad load, int index) {
        return snapshot.weight(index) * context.protection.warmShare(load);
    }

    /** Takes the least loaded candidate beyond its cap, because concurrent calls have filled every candidate. */
    private int force(BoundedLoadSearch bound) {
        int index = bound.leastLoaded();
        LoadCounter counter = index < 0 ? null : snapshot.ready()[index];
        if (counter == null || enter(counter, context.maxInFlightPerServer).skipReason() != null) {
            return -1;
        }
        InFlightCap cap = context.inFlightCap;
        if (cap != null && !enterPool(cap, counter)) {
            full = POOL;
            return -1;
        }
        trial = 0;
        bound.forced();
        onTaken(counter, index);
        return index;
    }

    /** Marks a candidate as tried. */
    final void remember(LoadCounter counter, int index) {
        if (last != null) {
            LoadCounter[] before = earlier;
            int count = before == null ? 0 : before.length;
            LoadCounter[] all = before == null ? new LoadCounter[1] : Arrays.copyOf(before, count + 1);
            all[count] = last;
            earlier = all;
        }
        last = counter;
        if (bounded != null) {
            bounded.tried(weight(counter.load(), index));
        }
    }

    private boolean wasTried(ServerLoad load) {
        if (earlier != null) {
            for (LoadCounter tried : earlier) {
                if (tried.load() == load) {
                    return true;
                }
            }
        }
        return last != null && last.load() == load;
    }
}
