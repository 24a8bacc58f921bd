package io.github.lbkit.api;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One call's way over its candidates: asks the picker for the next, and the filters whether it may be taken. All filters
 * stand here, in their order. Confined to the call's thread.
 */
abstract class Walk {
    private static final ServerLoad[] NONE = {};

    final LoadBalancer balancer;
    final Key key;
    private final Cursor cursor;
    private Snapshot snapshot;

    /** What was taken last, and what was before that. */
    private @Nullable ServerLoad last;

    private ServerLoad[] earlier = NONE;
    private int earlierCount;
    private long triedWeight;

    /** Whether a candidate was passed by that a second look might take. */
    private boolean soft;

    private boolean warmingToo;
    private boolean busy;
    private boolean trial;
    private long total;

    /** The candidate with the smallest load for its cap, among those that bounded load passed by; −1 if none. */
    private int leastLoaded;

    private long leastLoad;
    private long leastCap;

    Walk(LoadBalancer balancer, Key key, Snapshot snapshot) {
        this.balancer = balancer;
        this.key = key;
        this.snapshot = snapshot;
        this.cursor = new Cursor(balancer.random);
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

    /**
     * Takes a candidate: it counts as in flight from here, and is not taken again by this walk.
     *
     * @param totalInFlight the total that bounded load is measured by, this attempt included; 0 without bounded load
     * @return its index in the snapshot's table; −1 if there is none
     */
    final int take(long totalInFlight) {
        total = totalInFlight;
        warmingToo = false;
        int taken = look();
        if (taken < 0 && soft) {
            cursor.restart();
            warmingToo = true;
            total = balancer.boundedLoad == null ? 0 : balancer.boundedLoad.total();
            taken = look();
            soft = true;
        }
        return taken >= 0 || balancer.boundedLoad == null ? taken : force(balancer.boundedLoad);
    }

    /** Goes on with the newest snapshot; false if it is the one that was walked already. */
    final boolean refresh() {
        Snapshot newest = balancer.snapshot();
        if (newest == snapshot) {
            return false;
        }
        snapshot = newest;
        cursor.restart();
        soft = false;
        return true;
    }

    private int look() {
        busy = false;
        leastLoaded = -1;
        Picker picker = snapshot.table.picker();
        int index = picker.next(key, cursor, snapshot);
        while (index >= 0) {
            SkipReason skip = admit(index);
            if (skip == null) {
                return index;
            }
            tell(index, skip);
            index = picker.next(key, cursor, snapshot);
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
        Server server = snapshot.servers[index];
        ServerLoad load = snapshot.loads[index];
        SkipReason fixed = Filters.fixed(server, load, snapshot.overrides[index]);
        if (fixed != null || server == null || load == null) {
            return fixed;
        }
        if (wasTried(load)) {
            return SkipReason.TRIED;
        }
        SkipReason skip = protect(server, load, index);
        if (skip == null) {
            remember(load, server.weight());
        } else {
            soft |= skip != SkipReason.NOT_READY;
            busy |= skip == SkipReason.AT_CAPACITY;
        }
        return skip;
    }

    private @Nullable SkipReason protect(Server server, ServerLoad load, int index) {
        Protection protection = balancer.protection;
        if (protection.isUnhealthy(load.health)) {
            return SkipReason.UNHEALTHY;
        }
        TrafficHealth.Pass pass = protection.pass(load.health);
        if (pass == TrafficHealth.Pass.NO) {
            return SkipReason.EJECTED;
        }
        trial = pass == TrafficHealth.Pass.AS_TRIAL;
        boolean tooEarly = !warmingToo && !trial && protection.isWarming(load.health) && !takesWhileWarming(load);
        SkipReason skip = tooEarly ? SkipReason.WARMING_UP : acquire(server, load, index);
        if (skip != null) {
            protection.abandoned(load.health, trial);
        }
        return skip;
    }

    private boolean takesWhileWarming(ServerLoad load) {
        long draw = snapshot.table.byKey() ? cursor.keyHash() : cursor.random();
        return balancer.protection.takes(load.health, draw);
    }

    private @Nullable SkipReason acquire(Server server, ServerLoad load, int index) {
        BoundedLoad bound = balancer.boundedLoad;
        if (bound == null) {
            return load.tryAcquire(balancer.maxInFlightPerServer).skipReason();
        }
        long eligible = snapshot.readyWeight - balancer.protection.outWeight() - triedWeight;
        long cap = bound.cap(total, server.weight(), eligible);
        SkipReason skip =
                load.tryAcquire(Math.min(cap, balancer.maxInFlightPerServer)).skipReason();
        if (skip != SkipReason.AT_CAPACITY || cap > balancer.maxInFlightPerServer) {
            return skip;
        }
        long inFlight = load.inFlight();
        if (leastLoaded < 0 || inFlight * leastCap < leastLoad * cap) {
            leastLoaded = index;
            leastLoad = inFlight;
            leastCap = cap;
        }
        return SkipReason.OVERLOADED;
    }

    /** Concurrent calls have filled every candidate: the least loaded takes one more than its cap. */
    private int force(BoundedLoad bound) {
        int index = leastLoaded;
        ServerLoad load = index < 0 ? null : snapshot.loads[index];
        if (load == null || load.tryAcquire(balancer.maxInFlightPerServer).skipReason() != null) {
            return -1;
        }
        trial = false;
        bound.force();
        remember(load, snapshot.table.members().get(index).weight());
        return index;
    }

    private void remember(ServerLoad load, int weight) {
        if (last != null) {
            if (earlierCount == earlier.length) {
                earlier = Arrays.copyOf(earlier, earlierCount + 4);
            }
            earlier[earlierCount++] = last;
        }
        last = load;
        triedWeight += weight;
    }

    private boolean wasTried(ServerLoad load) {
        for (int i = 0; i < earlierCount; i++) {
            if (earlier[i] == load) {
                return true;
            }
        }
        return last == load;
    }
}
