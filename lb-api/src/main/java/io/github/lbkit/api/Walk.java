package io.github.lbkit.api;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One call's way over its candidates: asks the picker for the next, and the filters whether it may be taken. All filters
 * stand here, in their order. Is the picker's cursor itself. Confined to the call's thread.
 */
abstract sealed class Walk extends Cursor permits OneCall {
    private static final Stripe[] NONE = {};

    final LoadBalancer balancer;
    final Key key;
    private Snapshot snapshot;

    /** What was taken last; null before. */
    private @Nullable Stripe last;

    /** What was taken before that. */
    private Stripe[] earlier = NONE;

    /** What bounded load keeps of the walk; null without it. */
    private final @Nullable BoundedWalk bounded;

    /** Whether a candidate was passed by that a second look might take. */
    private boolean soft;

    private boolean warmingToo;
    private boolean busy;
    private boolean trial;

    Walk(LoadBalancer balancer, Key key, Snapshot snapshot) {
        super(balancer.random);
        this.balancer = balancer;
        this.key = key;
        this.snapshot = snapshot;
        this.bounded = balancer.boundedLoad == null ? null : new BoundedWalk(balancer.boundedLoad);
    }

    final Snapshot snapshot() {
        return snapshot;
    }

    /** Whether the last look found servers that were full, and none to take. */
    final boolean busy() {
        return busy;
    }

    /** Whether the candidate that was taken last is let through to see whether it is well again. */
    final boolean trial() {
        return trial;
    }

    /** What was taken last. */
    final Stripe stripe() {
        if (last == null) {
            throw new IllegalStateException("no candidate was taken");
        }
        return last;
    }

    /**
     * Takes a candidate: it counts as in flight from here, and is not taken again by this walk.
     *
     * @return its index in the snapshot's table; −1 if there is none
     */
    final int take() {
        if (bounded == null) {
            return takeUnbounded();
        }
        bounded.begin();
        int index = takeUnbounded();
        index = index >= 0 ? index : force(bounded);
        if (index < 0) {
            bounded.end();
        }
        return index;
    }

    private int takeUnbounded() {
        warmingToo = false;
        int taken = walk();
        if (taken < 0 && soft) {
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
        busy = false;
        Picker picker = snapshot.table.picker();
        int index = picker.next(key, this, snapshot);
        while (index >= 0) {
            SkipReason skip = admit(index);
            if (skip == null) {
                return index;
            }
            tell(index, skip);
            index = picker.next(key, this, snapshot);
        }
        return -1;
    }

    private void tell(int index, SkipReason skip) {
        Server server = snapshot.servers[index];
        if (balancer.listener != null && server != null) {
            balancer.listener.tell(l -> l.skipped(server, skip));
        }
    }

    /** Every filter in its order; null means that the candidate was taken. */
    private @Nullable SkipReason admit(int index) {
        Stripe stripe = snapshot.ready()[index];
        if (stripe == null) {
            return Filters.fixed(snapshot.servers[index], snapshot.loads[index], snapshot.overrides[index]);
        }
        if (last != null && wasTried(stripe.load)) {
            return SkipReason.TRIED;
        }
        trial = false;
        SkipReason skip = stripe.isPlain() ? acquire(stripe, index) : protect(stripe, index);
        if (skip == null) {
            remember(stripe, index);
        } else {
            soft |= skip != SkipReason.NOT_READY;
            busy |= skip == SkipReason.AT_CAPACITY;
        }
        return skip;
    }

    private @Nullable SkipReason protect(Stripe stripe, int index) {
        Protection protection = balancer.protection;
        ServerLoad load = stripe.load;
        if (protection.isUnhealthy(load)) {
            return SkipReason.UNHEALTHY;
        }
        TrafficHealth.Pass pass = protection.pass(load);
        if (pass == TrafficHealth.Pass.NO) {
            return SkipReason.EJECTED;
        }
        trial = pass == TrafficHealth.Pass.AS_TRIAL;
        boolean tooEarly = !warmingToo && !trial && protection.isWarming(load) && !takesWhileWarming(load);
        SkipReason skip = tooEarly ? SkipReason.WARMING_UP : acquire(stripe, index);
        if (skip != null) {
            protection.abandoned(load, trial);
        }
        return skip;
    }

    private boolean takesWhileWarming(ServerLoad load) {
        return balancer.protection.takes(load, snapshot.table.byKey() ? keyHash() : random());
    }

    private @Nullable SkipReason acquire(Stripe stripe, int index) {
        if (bounded == null) {
            return stripe.tryAcquire(balancer.maxInFlightPerServer).skipReason();
        }
        long eligible = snapshot.readyWeight - balancer.protection.outWeight();
        return bounded.acquire(stripe, index, snapshot.weight(index), eligible, balancer.maxInFlightPerServer);
    }

    /** Concurrent calls have filled every candidate: the least loaded takes one more than its cap. */
    private int force(BoundedWalk bound) {
        int index = bound.leastLoaded();
        Stripe stripe = index < 0 ? null : snapshot.ready()[index];
        if (stripe == null || stripe.tryAcquire(balancer.maxInFlightPerServer).skipReason() != null) {
            return -1;
        }
        trial = false;
        bound.forced();
        remember(stripe, index);
        return index;
    }

    private void remember(Stripe stripe, int index) {
        if (last != null) {
            earlier = Arrays.copyOf(earlier, earlier.length + 1);
            earlier[earlier.length - 1] = last;
        }
        last = stripe;
        if (bounded != null) {
            bounded.tried(snapshot.weight(index));
        }
    }

    private boolean wasTried(ServerLoad load) {
        for (Stripe tried : earlier) {
            if (tried.load == load) {
                return true;
            }
        }
        return last != null && last.load == load;
    }
}
