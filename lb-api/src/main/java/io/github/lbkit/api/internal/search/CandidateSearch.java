package io.github.lbkit.api.internal.search;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.SkipReason;
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
 * A walk over the candidates of one key: it asks the picker for the next candidate, and the filters whether the candidate
 * may be taken. The filters stand here once, in the order of {@link SkipReason}; the two kinds of walk differ in what they do
 * with a candidate that passes: {@link BalancerCall} takes it, {@link DryRunSearch} only tells that it would be taken. The walk is the
 * picker's cursor itself. Confined to the call's thread.
 */
public abstract class CandidateSearch extends Cursor {
    private static final byte NOTHING = 0;
    private static final byte SERVERS = 1;
    private static final byte POOL = 2;

    final CallContext context;
    final Key key;
    private Snapshot snapshot;

    /** The candidate that was taken last; null before. */
    private @Nullable LoadCounter last;

    /** The candidates that were taken before that; null while there are none. */
    private LoadCounter @Nullable [] earlier;

    /** The state of bounded load; null without it. */
    private final @Nullable BoundedLoadSearch bounded;

    /** Whether a candidate was passed by that a second look might take. */
    private boolean soft;

    private boolean warmingToo;

    /** What the last look found full: {@link #NOTHING}, {@link #SERVERS} or {@link #POOL}. */
    private byte full;

    /** The trial that the candidate taken last is; 0 for an ordinary attempt. */
    private int trial;

    public CandidateSearch(CallContext context, Key key, Snapshot snapshot, boolean takes) {
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

    public final Snapshot snapshot() {
        return snapshot;
    }

    /** Whether the last look found servers that were full, and none to take. */
    public final boolean busy() {
        return full == SERVERS;
    }

    /** Whether the last look ended because all servers together were full. */
    public final boolean poolBusy() {
        return full == POOL;
    }

    /** The trial that the candidate taken last is; 0 for an ordinary attempt. */
    public final int trial() {
        return trial;
    }

    /** The candidate that was taken last. */
    public final LoadCounter counter() {
        if (last == null) {
            throw new IllegalStateException("no candidate was taken");
        }
        return last;
    }

    /** The picker to ask. */
    public abstract Picker picker(RoutingTable table);

    /** Asks whether an attempt may begin as far as the instance's traffic goes, as {@link TrafficHealth#pass} answers. */
    public abstract int pass(ServerLoad load);

    /** Gives back the trial of a candidate that a later filter refused. */
    public abstract void giveBack(ServerLoad load, int trialNumber);

    /** Takes a place at the server, unless it is closed or has as many in flight as this. */
    abstract LoadCounter.Admission enter(LoadCounter counter, long limit);

    /** Takes a place of the whole pool's; if there is none, gives back the place at the server. */
    public abstract boolean enterPool(InFlightCap cap, LoadCounter counter);

    /** A candidate was taken. */
    public abstract void took(LoadCounter counter, int index);

    /** A candidate was passed by. */
    public abstract void passedBy(int index, SkipReason reason);

    /**
     * Takes a candidate: it counts as in flight from here, and is not taken again by this walk. Whatever a picker throws,
     * nothing is taken then.
     *
     * @return its index in the snapshot's table; −1 if there is none
     */
    public final int take() {
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
        warmingToo = false;
        int taken = walk();
        if (taken < 0 && soft && !poolBusy()) {
            restart();
            warmingToo = true;
            if (bounded != null) {
                bounded.reread();
            }
            taken = walk();
            soft = true;
        }
        return taken;
    }

    /** Goes on with the newest snapshot; false if it is the one that was walked already. */
    public final boolean refresh() {
        if (context.snapshot() == snapshot) {
            return false;
        }
        restartAtNewest();
        return true;
    }

    /** Begins anew with the newest snapshot; what was tried stays tried. */
    public final void restartAtNewest() {
        snapshot = context.snapshot();
        restart();
        soft = false;
    }

    private int walk() {
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
            passedBy(index, skip);
            if (poolBusy()) {
                return -1;
            }
            index = picker.next(key, this, snapshot);
        }
        return -1;
    }

    /** Asks every filter in its order; null means that the candidate was taken. */
    public final @Nullable SkipReason admit(int index) {
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
        SkipReason skip = counter.isPlain() ? occupy(counter, index, false) : protect(counter, index);
        if (skip == null) {
            took(counter, index);
        } else {
            soft |= skip != SkipReason.NOT_READY;
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

    /** As {@link #admit}, but a warming server takes every key. */
    public final @Nullable SkipReason admitWarm(int index) {
        warmingToo = true;
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
        boolean tooEarly = !warmingToo && pass == TrafficHealth.ADMITTED && leavesToOthers(load);
        SkipReason skip = tooEarly ? SkipReason.WARMING_UP : occupy(counter, index, true);
        if (skip == null) {
            trial = pass;
        } else if (pass != TrafficHealth.ADMITTED) {
            giveBack(load, pass);
        }
        return skip;
    }

    private boolean leavesToOthers(ServerLoad load) {
        return snapshot.table().byKey()
                ? context.protection.leavesToOthers(load, this::keyHash)
                : context.protection.leavesToOthers(load, context.random);
    }

    /** Takes a place within the server's caps, and one of the pool's. */
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
        bound.passedBy(index, inFlight + elsewhere, cap);
        return SkipReason.OVERLOADED;
    }

    private double eligibleWeight() {
        return snapshot.readyWeight() - context.protection.outWeight() - context.protection.coldWeight();
    }

    /** The server's weight, at its share while it warms up. */
    private double weight(ServerLoad load, int index) {
        return snapshot.weight(index) * context.protection.warmShare(load);
    }

    /** Concurrent calls have filled every candidate: the least loaded takes one more than its cap. */
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
        took(counter, index);
        return index;
    }

    /** The walk has taken this candidate, and takes it no other time. */
    public final void remember(LoadCounter counter, int index) {
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
