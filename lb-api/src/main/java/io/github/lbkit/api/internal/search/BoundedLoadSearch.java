package io.github.lbkit.api.internal.search;

/** The bounded load of one call's search. Confined to the call's thread. */
final class BoundedLoadSearch {
    private final BoundedLoad bound;

    /** True if the search takes a server and counts in the total; a dry run does not. */
    private final boolean takes;

    private long total;

    /** The sum of the weights of the servers tried before, reduced during their warm-up. */
    private double triedWeight;

    /** The skipped candidate with the smallest load relative to its cap; −1 if none. */
    private int leastLoaded = -1;

    private long leastLoad;
    private long leastCap;

    /** Creates the state of one search. */
    BoundedLoadSearch(BoundedLoad bound, boolean takes) {
        this.bound = bound;
        this.takes = takes;
    }

    /** Begins a search. */
    void begin() {
        total = takes ? bound.reserve() : bound.total() + 1;
        leastLoaded = -1;
    }

    /** Ends a search that found no server. */
    void end() {
        if (takes) {
            bound.release();
        }
    }

    /** Begins a second pass with the current total. */
    void reread() {
        total = takes ? bound.total() : bound.total() + 1;
        leastLoaded = -1;
    }

    /**
     * Returns the maximum number of attempts in flight of a server.
     *
     * @param weight the server's weight, reduced during the warm-up
     * @param eligibleWeight the sum of the weights of all servers that may be picked, each reduced during the warm-up
     */
    long cap(double weight, double eligibleWeight) {
        double rest = Math.max(weight, eligibleWeight - triedWeight);
        boolean whole = weight == Math.rint(weight) && rest == Math.rint(rest);
        return whole ? bound.cap(total, (long) weight, (long) rest) : bound.cap(total, weight, rest);
    }

    /** Records a candidate that was skipped because its load has reached its cap. */
    void onSkipped(int index, long inFlight, long cap) {
        if (leastLoaded < 0 || inFlight * leastCap < leastLoad * cap) {
            leastLoaded = index;
            leastLoad = inFlight;
            leastCap = cap;
        }
    }

    /** Returns the skipped candidate with the smallest load relative to its cap; −1 if none. */
    int leastLoaded() {
        return leastLoaded;
    }

    /** Counts an attempt beyond the cap of its server. */
    void forced() {
        if (takes) {
            bound.force();
        }
    }

    /** Records that a server of this weight was taken. */
    void tried(double weight) {
        triedWeight += weight;
    }
}
