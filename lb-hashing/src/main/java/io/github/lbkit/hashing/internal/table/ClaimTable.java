package io.github.lbkit.hashing.internal.table;

import java.util.Arrays;

/**
 * Which member claims each slot first, and the ways to keep that so when one member changes. A function of the claims
 * alone: every way to the same claims ends at the same owners. Immutable.
 */
final class ClaimTable {
    private static final int BLOCK_BITS = 3;

    private final Claims claims;
    private final char[] owners;

    /** By block of slots, a time not before that of any owner's claim there: later claims need not be looked at. */
    private final float[] latest;

    /** A time not before any of these. */
    private final float last;

    private ClaimTable(Claims claims, char[] owners, float[] latest, float last) {
        this.claims = claims;
        this.owners = owners;
        this.latest = latest;
        this.last = last;
    }

    Claims claims() {
        return claims;
    }

    char[] owners() {
        return owners;
    }

    /**
     * The table of these claims, from nothing: O(slots · ln members). The claims are made in rounds, so that most claims
     * on a slot that an earlier round decided need no time; what is left after ln(members) rounds is told slot by slot.
     */
    static ClaimTable of(Claims claims) {
        int slots = claims.slots();
        char[] owners = new char[slots];
        Arrays.fill(owners, TableRouter.NO_OWNER);
        if (claims.totalWeight() == 0) {
            return new ClaimTable(claims, owners, new float[0], 0);
        }
        double[] times = new double[slots];
        Arrays.fill(times, Double.POSITIVE_INFINITY);
        int[] next = new int[claims.members()];
        double rounds = StrictMath.log(claims.members());
        double decided = 0;
        for (int round = 1; round <= rounds; round++) {
            decided = makeClaims(claims, round / claims.totalWeight(), decided, next, times, owners);
        }
        float[] latest = new float[((slots - 1) >>> BLOCK_BITS) + 1];
        float last = 0;
        for (int slot = 0; slot < slots; slot++) {
            if (times[slot] >= decided) {
                int known = owners[slot] == TableRouter.NO_OWNER ? -1 : owners[slot];
                int owner = claims.firstClaimant(slot, known, times[slot]);
                owners[slot] = (char) owner;
                times[slot] = claims.time(owner, claims.claim(owner, slot));
            }
            last = Math.max(last, raise(latest, slot, times[slot]));
        }
        return new ClaimTable(claims, owners, latest, last);
    }

    /** Makes the claims up to a time; returns the time before which all are made. */
    private static double makeClaims(
            Claims claims, double until, double decided, int[] next, double[] times, char[] owners) {
        double nowDecided = Double.POSITIVE_INFINITY;
        for (int member = 0; member < next.length; member++) {
            int end = Math.max(next[member], claims.claimsUntil(member, until));
            for (int claim = next[member]; claim < end; claim++) {
                int slot = claims.slot(member, claim);
                if (times[slot] < decided) {
                    continue;
                }
                double time = claims.time(member, claim);
                if (time < times[slot] || (time == times[slot] && member < owners[slot])) {
                    times[slot] = time;
                    owners[slot] = (char) member;
                }
            }
            next[member] = end;
            if (end < claims.slots()) {
                nowDecided = Math.min(nowDecided, claims.time(member, end));
            }
        }
        return nowDecided;
    }

    /** A member joined at this index: O(slots) to copy, and its claims alone are made. */
    ClaimTable joined(Claims after, int member) {
        if (claims.totalWeight() == 0) {
            return of(after);
        }
        char[] next = renumbered(member, 1);
        take(after, member, next);
        return new ClaimTable(after, next, latest, last);
    }

    /** The member at this index weighs more. */
    ClaimTable grown(Claims after, int member) {
        if (claims.totalWeight() == 0) {
            return of(after);
        }
        char[] next = owners.clone();
        take(after, member, next);
        return new ClaimTable(after, next, latest, last);
    }

    private void take(Claims after, int member, char[] next) {
        int end = after.weight(member) == 0 ? 0 : after.claimsUntil(member, last);
        for (int claim = 0; claim < end; claim++) {
            int slot = after.slot(member, claim);
            if (after.floor(member, claim) <= latest[slot >>> BLOCK_BITS]) {
                int owner = next[slot];
                if (owner != member && after.precedes(member, claim, owner, after.claim(owner, slot))) {
                    next[slot] = (char) member;
                }
            }
        }
    }

    /** Makes the time of a slot's block one that is not before this one; returns it. */
    private static float raise(float[] latest, int slot, double time) {
        int block = slot >>> BLOCK_BITS;
        latest[block] = Math.max(latest[block], Math.nextUp((float) time));
        return latest[block];
    }

    /** The member at this index left: each of its slots goes to the next. */
    ClaimTable left(Claims after, int member) {
        if (after.totalWeight() == 0) {
            return of(after);
        }
        return given(after, member, renumbered(member, -1));
    }

    /** The member at this index weighs less. */
    ClaimTable shrunk(Claims after, int member) {
        if (after.totalWeight() == 0) {
            return of(after);
        }
        return given(after, member, owners.clone());
    }

    private ClaimTable given(Claims after, int member, char[] next) {
        float[] nowLatest = latest.clone();
        float nowLast = last;
        for (int slot = 0; slot < next.length; slot++) {
            if (owners[slot] == member) {
                int owner = after.firstClaimant(slot);
                next[slot] = (char) owner;
                nowLast = Math.max(nowLast, raise(nowLatest, slot, after.time(owner, after.claim(owner, slot))));
            }
        }
        return new ClaimTable(after, next, nowLatest, nowLast);
    }

    /**
     * The owners with their numbers where a member joined or left at this index: those from there on are others. Two loops of 16
     * bits a slot, which become vector instructions: the first leaves the borrow of owner − member in the highest bit.
     */
    private char[] renumbered(int member, int by) {
        char[] next = new char[owners.length];
        for (int slot = 0; slot < next.length; slot++) {
            next[slot] = (char) ((~owners[slot] & member) | ((~owners[slot] | member) & (owners[slot] - member)));
        }
        for (int slot = 0; slot < next.length; slot++) {
            next[slot] = (char) (owners[slot] + by - by * (next[slot] >>> (Character.SIZE - 1)));
        }
        return next;
    }
}
