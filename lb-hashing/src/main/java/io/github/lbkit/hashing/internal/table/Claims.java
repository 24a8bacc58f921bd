package io.github.lbkit.hashing.internal.table;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.hash.SplitMix64;
import io.github.lbkit.hashing.internal.rendezvous.Exponential;
import io.github.lbkit.hashing.internal.rendezvous.LowestFour;
import java.util.List;

/**
 * The times at which members claim the slots of a table with 2^bits slots. Immutable.
 *
 * <p>Each member claims all slots in its own order: a keyed permutation of two affine steps and two shifts modulo
 * 2^bits. The permutation can be inverted, so the claim of any member on any slot is found without a search. Claim j
 * has the time −ln(1 − (j + u) / slots) / weight, with u in (0, 1) drawn from the member's id and j. This is an
 * exponential draw with the weight as rate for every slot. Without u, light members beside a heavy one would claim at
 * multiples of 1 / slots, which is too late for their share.
 *
 * <p>A claim depends only on the id and the weight of its member. Of two claims at one time, the member with the lower
 * index precedes, which is the member with the lower id.
 */
final class Claims {
    /** Keeps (j + u) / slots exact, and two claims of one member further apart than the error of the logarithm. */
    private static final int JITTER_BITS = 22;

    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final int STRIDE = 6;

    /** The bits of 2^52: the mantissa of a number from 2^52 to 2^53 counts whole ones. */
    private static final long WHOLE_BITS = Double.doubleToRawLongBits(0x1p52);

    /** Factors that outweigh the errors of rounding and of the logarithm. */
    private static final double BELOW = 1 - 0x1p-44;

    private static final double ABOVE = 1 + 0x1p-44;

    private final int bits;
    private final int mask;
    private final int half;
    private final double unit;
    private final double jitterUnit;
    private final long[] names;
    private final double[] weights;
    private final double[] inverses;

    /** A factor for the number of a claim that gives a lower bound of its time, by member. */
    private final double[] floors;

    /** By member: factor and summand of the first step and of the second step, then the inverses of both factors. */
    private final int[] keys;

    private final double totalWeight;

    Claims(List<Member> members, int bits) {
        int n = members.size();
        this.bits = bits;
        this.mask = (1 << bits) - 1;
        this.half = (bits + 1) / 2;
        this.unit = 1.0 / (1 << bits);
        this.jitterUnit = unit / (1L << (JITTER_BITS + 1));
        this.names = new long[n];
        this.weights = new double[n];
        this.inverses = new double[n];
        this.floors = new double[n];
        this.keys = new int[n * STRIDE];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            names[i] = SplitMix64.memberHash(members.get(i).id());
            weights[i] = members.get(i).weight();
            inverses[i] = 1 / weights[i];
            floors[i] = inverses[i] * unit * BELOW;
            sum += weights[i];
            long first = SplitMix64.mix(names[i] + 11);
            long second = SplitMix64.mix(names[i] + 12);
            int at = i * STRIDE;
            keys[at] = (int) first | 1;
            keys[at + 1] = (int) (first >>> 32);
            keys[at + 2] = (int) second | 1;
            keys[at + 3] = (int) (second >>> 32);
            keys[at + 4] = inverse(keys[at]);
            keys[at + 5] = inverse(keys[at + 2]);
        }
        totalWeight = sum;
    }

    /** Returns the inverse of an odd factor modulo 2^32, by Newton's iteration. */
    private static int inverse(int factor) {
        int inverse = factor;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - factor * inverse;
        }
        return inverse;
    }

    int members() {
        return names.length;
    }

    int slots() {
        return mask + 1;
    }

    int bits() {
        return bits;
    }

    double weight(int member) {
        return weights[member];
    }

    double totalWeight() {
        return totalWeight;
    }

    /** Returns the slot of a member's claim. */
    int slot(int member, int claim) {
        int at = member * STRIDE;
        int x = (claim * keys[at] + keys[at + 1]) & mask;
        x ^= x >>> half;
        x = (x * keys[at + 2] + keys[at + 3]) & mask;
        return x ^ x >>> half;
    }

    /** Returns the number of a member's claim on a slot. */
    int claim(int member, int slot) {
        int at = member * STRIDE;
        int x = slot ^ slot >>> half;
        x = ((x - keys[at + 3]) * keys[at + 5]) & mask;
        x ^= x >>> half;
        return ((x - keys[at + 1]) * keys[at + 4]) & mask;
    }

    /** Returns the time of a claim, which rises with the number of the claim; infinity for weight 0. */
    double time(int member, int claim) {
        long jitter = SplitMix64.mix(names[member] + claim * STEP) >>> (64 - JITTER_BITS);
        long place = ((long) claim << JITTER_BITS | jitter) << 1 | 1;
        return Exponential.quantile(number(place) * jitterUnit) * inverses[member];
    }

    /** Returns a number below 2^52 as a double. The instruction for it would wait for the previous result. */
    private static double number(long bits) {
        return Double.longBitsToDouble(WHOLE_BITS | bits) - 0x1p52;
    }

    /** Returns a lower bound of a claim's time, computed without a logarithm; infinity or NaN for weight 0. */
    double floor(int member, int claim) {
        return claim * floors[member];
    }

    /** Returns a number of claims that includes all claims of a member up to this time, and few more. */
    int claimsUntil(int member, double time) {
        double share = -StrictMath.expm1(-weights[member] * time);
        return (int) Math.min(slots(), Math.ceil(share * ABOVE * slots()) + 1);
    }

    /** Returns whether one claim on a slot precedes another one. Most calls need no logarithm. */
    boolean precedes(int member, int claim, int other, int otherClaim) {
        double end = (claim + 1) * unit;
        double otherEnd = (otherClaim + 1) * unit;
        if (claim * floors[member] * (1 - otherEnd) >= otherEnd * inverses[other] * ABOVE) {
            return false;
        }
        if (end * inverses[member] * ABOVE < otherClaim * floors[other] * (1 - end)) {
            return true;
        }
        double time = time(member, claim);
        double otherTime = time(other, otherClaim);
        return time < otherTime || (time == otherTime && member < other);
    }

    /** Returns the member that claims a slot first, if a member has a weight. */
    int firstClaimant(int slot) {
        return firstClaimant(slot, -1, Double.POSITIVE_INFINITY);
    }

    /** Returns the member that claims a slot first, given a member that claims it at a known time. */
    int firstClaimant(int slot, int known, double knownTime) {
        int first = known;
        double lowest = knownTime;
        for (int i = 0; i < names.length; i++) {
            int claim = claim(i, slot);
            if (claim * floors[i] > lowest) {
                continue;
            }
            double time = time(i, claim);
            if (time < lowest || (time == lowest && i < first)) {
                first = i;
                lowest = time;
            }
        }
        return first;
    }

    /**
     * Returns the member that claims a slot after {@code last}, or the first one if that is −1; −1 if there is none.
     */
    int nextClaimant(int slot, int last, Cursor cursor) {
        double lastTime = last < 0 ? -1 : time(last, claim(last, slot));
        LowestFour lowest = new LowestFour();
        for (int i = 0; i < names.length; i++) {
            int claim = claim(i, slot);
            double end = (claim + 1) * unit;
            if (lowest.excludes(claim * floors[i]) || end * inverses[i] * ABOVE < lastTime * (1 - end)) {
                continue;
            }
            double time = time(i, claim);
            if (time > lastTime || (time == lastTime && i > last)) {
                lowest.offer(i, time);
            }
        }
        return lowest.takeFirst(cursor);
    }
}
