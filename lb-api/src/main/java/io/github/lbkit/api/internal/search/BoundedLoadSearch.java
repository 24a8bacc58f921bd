package io.github.lbkit.api.internal.search;

/** The bounded load of one call's walk. Confined to the call's thread. */
public final class BoundedLoadSearch {
    private final BoundedLoad bound;

    /** Whether the walk takes a server, so that it counts in the total; a walk that only looks does not. */
    private final boolean takes;

    private long total;

    /** The weight of the servers that were taken before, each at its share. */
    private double triedWeight;

    /** The candidate with the smallest load for its cap, among those that were passed by; −1 if none. */
    private int leastLoaded = -1;

    private long leastLoad;
    private long leastCap;

    public BoundedLoadSearch(BoundedLoad bound, boolean takes) {
        this.bound = bound;
        this.takes = takes;
    }

    /** A look for a server begins. */
    public void begin() {
        total = takes ? bound.reserve() : bound.total() + 1;
        leastLoaded = -1;
    }

    /** A look has found none. */
    public void end() {
        if (takes) {
            bound.release();
        }
    }

    /** A second look begins, at the total of now. */
    public void reread() {
        total = takes ? bound.total() : bound.total() + 1;
        leastLoaded = -1;
    }

    /**
     * The most that a server may have in flight.
     *
     * @param weight the server's weight at its share of the warm-up
     * @param eligibleWeight the weights of all servers that may be picked, each at its share
     */
    public long cap(double weight, double eligibleWeight) {
        double rest = Math.max(weight, eligibleWeight - triedWeight);
        boolean whole = weight == Math.rint(weight) && rest == Math.rint(rest);
        return whole ? bound.cap(total, (long) weight, (long) rest) : bound.cap(total, weight, rest);
    }

    /** A candidate was passed by, because what it has in flight has reached its cap. */
    public void passedBy(int index, long inFlight, long cap) {
        if (leastLoaded < 0 || inFlight * leastCap < leastLoad * cap) {
            leastLoaded = index;
            leastLoad = inFlight;
            leastCap = cap;
        }
    }

    public int leastLoaded() {
        return leastLoaded;
    }

    /** A server took more than its cap. */
    public void forced() {
        if (takes) {
            bound.force();
        }
    }

    /** A server of this weight was taken. */
    public void tried(double weight) {
        triedWeight += weight;
    }
}
