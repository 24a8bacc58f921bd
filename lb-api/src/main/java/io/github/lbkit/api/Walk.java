package io.github.lbkit.api;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A walk over the candidates of one key: it asks the picker for the next candidate, and the filters whether the candidate
 * may be taken. The filters stand here once, in the order of {@link SkipReason}; the two kinds of walk differ in what they do
 * with a candidate that passes: {@link OneCall} takes it, {@link Look} only tells that it would be taken. The walk is the
 * picker's cursor itself. Confined to the call's thread.
 */
abstract sealed class Walk extends Cursor permits OneCall, Look {
    private static final byte NOTHING = 0;
    private static final byte SERVERS = 1;
    private static final byte POOL = 2;

    final LoadBalancer balancer;
    final Key key;
    private Snapshot snapshot;

    /** The candidate that was taken last; null before. */
    private @Nullable Stripe last;

    /** The candidates that were taken before that; null while there are none. */
    private Stripe @Nullable [] earlier;

    /** The state of bounded load; null without it. */
    private final @Nullable BoundedWalk bounded;

    /** Whether a candidate was passed by that a second look might take. */
    private boolean soft;

    private boolean warmingToo;

    /** What the last look found full: {@link #NOTHING}, {@link #SERVERS} or {@link #POOL}. */
    private byte full;

    /** The trial that the candidate taken last is; 0 for an ordinary attempt. */
    private int trial;

    Walk(LoadBalancer balancer, Key key, Snapshot snapshot, boolean takes) {
        super(balancer.random);
        this.balancer = balancer;
        this.key = key;
        this.snapshot = snapshot;
        this.bounded = balancer.boundedLoad == null ? null : new BoundedWalk(balancer.boundedLoad, takes);
    }

    final Snapshot snapshot() {
        return snapshot;
    }

    /** Whether the last look found servers that were full, and none to take. */
    final boolean busy() {
        return full == SERVERS;
    }

    /** Whether the last look ended because all servers together were full. */
    final boolean poolBusy() {
        return full == POOL;
    }

    /** The trial that the candidate taken last is; 0 for an ordinary attempt. */
    final int trial() {
        return trial;
    }

    /** The candidate that was taken last. */
    final Stripe stripe() {
        if (last == null) {
            throw new IllegalStateException("no candidate was taken");
        }
        return last;
    }

    /** The picker to ask. */
    abstract Picker picker(Snapshot.Table table);

    /** Asks whether an attempt may begin as far as the instance's traffic goes, as {@link TrafficHealth#pass} answers. */
    abstract int pass(ServerLoad load);

    /** Gives back the trial of a candidate that a later filter refused. */
    abstract void giveBack(ServerLoad load, int trialNumber);

    /** Takes a place at the server, unless it is closed or has as many in flight as this. */
    abstract Stripe.Admission enter(Stripe stripe, long limit);

    /** Takes a place of the whole pool's; if there is none, gives back the place at the server. */
    abstract boolean enterPool(InFlightCap cap, Stripe stripe);

    /** A candidate was taken. */
    abstract void took(Stripe stripe, int index);

    /** A candidate was passed by. */
    abstract void passedBy(int index, SkipReason reason);

    /**
     * Takes a candidate: it counts as in flight from here, and is not taken again by this walk. Whatever a picker throws,
     * nothing is taken then.
     *
     * @return its index in the snapshot's table; −1 if there is none
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
    final boolean refresh() {
        if (balancer.snapshot() == snapshot) {
            return false;
        }
        restartAtNewest();
        return true;
    }

    /** Begins anew with the newest snapshot; what was tried stays tried. */
    final void restartAtNewest() {
        snapshot = balancer.snapshot();
        restart();
        soft = false;
    }

    private int walk() {
        if (full != NOTHING) {
            full = NOTHING;
        }
        Picker picker = picker(snapshot.table);
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
    final @Nullable SkipReason admit(int index) {
        Stripe stripe = snapshot.ready()[index];
        if (stripe == null) {
            return Filters.fixed(snapshot.servers[index], snapshot.loads[index], snapshot.overrides[index]);
        }
        if (last != null && wasTried(stripe.load)) {
            return SkipReason.TRIED;
        }
        if (trial != 0) {
            trial = 0;
        }
        SkipReason skip = stripe.isPlain() ? occupy(stripe, index, false) : protect(stripe, index);
        if (skip == null) {
            took(stripe, index);
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
    final @Nullable SkipReason admitWarm(int index) {
        warmingToo = true;
        return admit(index);
    }

    private @Nullable SkipReason protect(Stripe stripe, int index) {
        Protection protection = balancer.protection;
        ServerLoad load = stripe.load;
        if (protection.isUnhealthy(load)) {
            return SkipReason.UNHEALTHY;
        }
        int pass = pass(load);
        if (pass == TrafficHealth.REFUSED) {
            return SkipReason.EJECTED;
        }
        boolean tooEarly = !warmingToo && pass == TrafficHealth.ADMITTED && leavesToOthers(load);
        SkipReason skip = tooEarly ? SkipReason.WARMING_UP : occupy(stripe, index, true);
        if (skip == null) {
            trial = pass;
        } else if (pass != TrafficHealth.ADMITTED) {
            giveBack(load, pass);
        }
        return skip;
    }

    private boolean leavesToOthers(ServerLoad load) {
        return snapshot.table.byKey()
                ? balancer.protection.leavesToOthers(load, this::keyHash)
                : balancer.protection.leavesToOthers(load, balancer.random);
    }

    /** Takes a place within the server's caps, and one of the pool's. */
    private @Nullable SkipReason occupy(Stripe stripe, int index, boolean special) {
        int elsewhere = special ? stripe.load.inFlightOfEarlierStays() : 0;
        SkipReason skip = bounded == null
                ? enter(stripe, limit(elsewhere)).skipReason()
                : enterBounded(bounded, stripe, index, elsewhere);
        InFlightCap cap = balancer.inFlightCap;
        return skip == null && cap != null && !enterPool(cap, stripe) ? SkipReason.POOL_AT_CAPACITY : skip;
    }

    private long limit(int elsewhere) {
        long limit = balancer.maxInFlightPerServer;
        return limit == Long.MAX_VALUE ? limit : limit - elsewhere;
    }

    private @Nullable SkipReason enterBounded(BoundedWalk bound, Stripe stripe, int index, int elsewhere) {
        long limit = limit(elsewhere);
        long cap = bound.cap(weight(stripe.load, index), eligibleWeight());
        SkipReason skip = enter(stripe, Math.min(cap - elsewhere, limit)).skipReason();
        long inFlight = stripe.inFlight();
        if (skip != SkipReason.AT_CAPACITY || inFlight >= limit) {
            return skip;
        }
        bound.passedBy(index, inFlight + elsewhere, cap);
        return SkipReason.OVERLOADED;
    }

    private double eligibleWeight() {
        return snapshot.readyWeight - balancer.protection.outWeight() - balancer.protection.coldWeight();
    }

    /** The server's weight, at its share while it warms up. */
    private double weight(ServerLoad load, int index) {
        return snapshot.weight(index) * balancer.protection.warmShare(load);
    }

    /** Concurrent calls have filled every candidate: the least loaded takes one more than its cap. */
    private int force(BoundedWalk bound) {
        int index = bound.leastLoaded();
        Stripe stripe = index < 0 ? null : snapshot.ready()[index];
        if (stripe == null || enter(stripe, balancer.maxInFlightPerServer).skipReason() != null) {
            return -1;
        }
        InFlightCap cap = balancer.inFlightCap;
        if (cap != null && !enterPool(cap, stripe)) {
            full = POOL;
            return -1;
        }
        trial = 0;
        bound.forced();
        took(stripe, index);
        return index;
    }

    /** The walk has taken this candidate, and takes it no other time. */
    final void remember(Stripe stripe, int index) {
        if (last != null) {
            Stripe[] before = earlier;
            int count = before == null ? 0 : before.length;
            Stripe[] all = before == null ? new Stripe[1] : Arrays.copyOf(before, count + 1);
            all[count] = last;
            earlier = all;
        }
        last = stripe;
        if (bounded != null) {
            bounded.tried(weight(stripe.load, index));
        }
    }

    private boolean wasTried(ServerLoad load) {
        if (earlier != null) {
            for (Stripe tried : earlier) {
                if (tried.load == load) {
                    return true;
                }
            }
        }
        return last != null && last.load == load;
    }
}
