package io.github.lbkit.hashing.internal.table;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.hash.SplitMix64;
import io.github.lbkit.hashing.internal.rendezvous.Exponential;
import io.github.lbkit.hashing.internal.rendezvous.LowestFour;
import java.util.List;

/**
 * When each member claims each slot of a table of 2^bits slots. Immutable.
 *
 * <p>A member goes through the slots in an order of its own: a keyed permutation, two affine steps and two shifts modulo
 * 2^bits, which can be inverted, so any member's claim on any slot is found without a search. Its claim j happens at
 * −ln(1 − (j + u) / slots) / weight with u in (0, 1) drawn from its name and j: an exponential draw with the weight as
 * rate, whatever the slot. Without the draw u, light members beside a heavy one would claim at multiples of 1 / slots,
 * which is too late for their share.
 *
 * <p>A claim depends on its member alone: on name and weight. Equal times go to the member with the lower index, which is
 * that of the lower id.
 */
final class Claims {
    /** So that (j + u) / slots is exact, and two claims of one member differ by more than a logarithm's error. */
    private static final int JITTER_BITS = 22;

    private static final long STEP = 0x9E3779B97F4A7C15L;
    private static final int STRIDE = 6;

    /** Of a number from 2^52 to 2^53, behind whose bits are whole ones. */
    private static final long WHOLE_BITS = Double.doubleToRawLongBits(0x1p52);

    /** Take more off or add more than rounding and the logarithm's error do. */
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

    /** Times a claim's number: not above its time. */
    private final double[] floors;

    /** By member: factor and summand of the first step, of the second, and the inverses of both factors. */
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

    /** The inverse of an odd factor modulo 2^32, by Newton's iteration. */
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

    /** The slot of a member's claim. */
    int slot(int member, int claim) {
        int at = member * STRIDE;
        int x = (claim * keys[at] + keys[at + 1]) & mask;
        x ^= x >>> half;
        x = (x * keys[at + 2] + keys[at + 3]) & mask;
        return x ^ x >>> half;
    }

    /** The number of a member's claim on a slot. */
    int claim(int member, int slot) {
        int at = member * STRIDE;
        int x = slot ^ slot >>> half;
        x = ((x - keys[at + 3]) * keys[at + 5]) & mask;
        x ^= x >>> half;
        return ((x - keys[at + 1]) * keys[at + 4]) & mask;
    }

    /** When a member makes a claim; infinity for weight 0. Rises with the number of the claim. */
    double time(int member, int claim) {
        long jitter = SplitMix64.mix(names[member] + claim * STEP) >>> (64 - JITTER_BITS);
        long place = ((long) claim << JITTER_BITS | jitter) << 1 | 1;
        return Exponential.quantile(number(place) * jitterUnit) * inverses[member];
    }

    /** A number below 2^52 as a double, without the instruction for it, which waits for what was computed last. */
    private static double number(long bits) {
        return Double.longBitsToDouble(WHOLE_BITS | bits) - 0x1p52;
    }

    /** Not above the time of a member's claim, and found without a logarithm; infinity, or no number, for weight 0. */
    double floor(int member, int claim) {
        return claim * floors[member];
    }

    /** A number of claims of a member that holds all that it makes up to this time, and few more. */
    int claimsUntil(int member, double time) {
        double share = -StrictMath.expm1(-weights[member] * time);
        return (int) Math.min(slots(), Math.ceil(share * ABOVE * slots()) + 1);
    }

    /** Whether a member's claim comes before another's on the same slot; mostly told without a logarithm. */
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

    /** Who claims a slot first; some member has a weight. */
    int firstClaimant(int slot) {
        return firstClaimant(slot, -1, Double.POSITIVE_INFINITY);
    }

    /** Who claims a slot first, if one of them is already known to claim it at that time. */
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

    /** Who claims a slot next after a member, or first of all if that is −1; −1 if there is nobody left. */
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
