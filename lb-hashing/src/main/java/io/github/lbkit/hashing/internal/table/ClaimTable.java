package io.github.lbkit.hashing.internal.table;

import java.util.Arrays;

/**
 * The member that claims each slot first, with updates for a change of one member. The owners are a function of the
 * claims alone, whatever the history of changes. Immutable.
 */
final class ClaimTable {
    private static final int BLOCK_BITS = 3;

    private final Claims claims;
    private final char[] owners;

    /** By block of slots, an upper bound of the times of the owners' claims: later claims cannot own a slot. */
    private final float[] latest;

    /** The maximum of {@link #latest}. */
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
     * Returns the table of these claims, O(slots · ln members). Claims are made in rounds, so that most claims on a
     * slot that an earlier round decided need no time. Slots that are undecided after ln(members) rounds are decided
     * one by one.
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

    /** Makes the claims up to a time; returns the time before which all claims are made. */
    private static double makeClaims(
            Claims claims, double until, double decided, int[] next, double[] times, char[] owners) {
        double newDecided = Double.POSITIVE_INFINITY;
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
                newDecided = Math.min(newDecided, claims.time(member, end));
            }
        }
        return newDecided;
    }

    /** Returns the table after a member joined at this index: O(slots) for the copy, and the claims of that member. */
    ClaimTable joined(Claims after, int member) {
        if (claims.totalWeight() == 0) {
            return of(after);
        }
        char[] next = renumbered(member, 1);
        claimSlots(after, member, next);
        return new ClaimTable(after, next, latest, last);
    }

    /** Returns the table after the weight of the member at this index rose. */
    ClaimTable grown(Claims after, int member) {
        if (claims.totalWeight() == 0) {
            return of(after);
        }
        char[] next = owners.clone();
        claimSlots(after, member, next);
        return new ClaimTable(after, next, latest, last);
    }

    private void claimSlots(Claims after, int member, char[] next) {
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

    /** Raises the bound of a slot's block to this time at least; returns the bound. */
    private static float raise(float[] latest, int slot, double time) {
        int block = slot >>> BLOCK_BITS;
        latest[block] = Math.max(latest[block], Math.nextUp((float) time));
        return latest[block];
    }

    /** Returns the table after the member at this index left: each of its slots goes to the next claimant. */
    ClaimTable left(Claims after, int member) {
        if (after.totalWeight() == 0) {
            return of(after);
        }
        return reassigned(after, member, renumbered(member, -1));
    }

    /** Returns the table after the weight of the member at this index fell. */
    ClaimTable shrunk(Claims after, int member) {
        if (after.totalWeight() == 0) {
            return of(after);
        }
        return reassigned(after, member, owners.clone());
    }

    private ClaimTable reassigned(Claims after, int member, char[] next) {
        float[] newLatest = latest.clone();
        float newLast = last;
        for (int slot = 0; slot < next.length; slot++) {
            if (owners[slot] == member) {
                int owner = after.firstClaimant(slot);
                next[slot] = (char) owner;
                newLast = Math.max(newLast, raise(newLatest, slot, after.time(owner, after.claim(owner, slot))));
            }
        }
        return new ClaimTable(after, next, newLatest, newLast);
    }

    /**
     * Returns the owners with their indexes after a member joined or left at this index: all indexes from there on
     * change by {@code by}. The two loops over 16 bits for each slot become vector instructions. The first loop leaves
     * the borrow of owner − member in the highest bit.
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
