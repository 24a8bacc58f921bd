package io.github.lbkit.api;

import org.jspecify.annotations.Nullable;

/** What bounded load keeps of one call's walk. Confined to the call's thread. */
final class BoundedWalk {
    private final BoundedLoad bound;
    private long total;
    private long triedWeight;

    /** The candidate with the smallest load for its cap, among those that were passed by; −1 if none. */
    private int leastLoaded = -1;

    private long leastLoad;
    private long leastCap;

    BoundedWalk(BoundedLoad bound) {
        this.bound = bound;
    }

    /** A look for a server begins: it counts in the total. */
    void begin() {
        total = bound.reserve();
        leastLoaded = -1;
    }

    /** A look has found none. */
    void end() {
        bound.release();
    }

    /** A second look begins, at the total of now. */
    void reread() {
        total = bound.total();
        leastLoaded = -1;
    }

    /** Takes the server unless it has its part of the load; null if it was taken. */
    @Nullable
    SkipReason acquire(Stripe load, int index, int weight, long eligibleWeight, long limit) {
        long cap = bound.cap(total, weight, eligibleWeight - triedWeight);
        SkipReason skip = load.tryAcquire(Math.min(cap, limit)).skipReason();
        if (skip != SkipReason.AT_CAPACITY || cap > limit) {
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

    int leastLoaded() {
        return leastLoaded;
    }

    /** A server took more than its cap. */
    void forced() {
        bound.force();
    }

    /** A server of this weight was taken. */
    void tried(int weight) {
        triedWeight += weight;
    }
}
