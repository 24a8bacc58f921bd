package io.github.lbkit.hashing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The distribution of a range of keys over the slots of a function. Confined to one thread. */
final class SlotDistribution {
    /** The collision ratio above which a warning is given. Random keys stay below it. */
    private static final double MAX_COLLISION_RATIO = 1.25;

    /** The multiple of the mean number of keys above which a slot is reported. */
    private static final int MAX_SLOT_LOAD = 4;

    private final long[] counts;
    private final long keys;
    private long keysOutside;
    private @Nullable String firstOutside;

    SlotDistribution(LongUnaryOperator slotOf, int slots, long firstKey, long keys) {
        this.counts = new long[slots];
        this.keys = keys;
        for (long key = firstKey; key < firstKey + keys; key++) {
            long slot = slotOf.applyAsLong(key);
            if (slot < 0 || slot >= slots) {
                firstOutside = keysOutside++ == 0 ? key + " maps to " + slot : firstOutside;
            } else {
                counts[(int) slot]++;
            }
        }
    }

    /** Returns the share of each server on a ring of the slots: a key belongs to the nearest server clockwise. */
    List<LintReport.Share> shares(Map<String, int[]> slotsByServer) {
        List<Map.Entry<String, int[]>> servers = List.copyOf(slotsByServer.entrySet());
        int[] owners = new int[counts.length];
        Arrays.fill(owners, -1);
        for (int i = servers.size() - 1; i >= 0; i--) {
            for (int slot : servers.get(i).getValue()) {
                if (slot < 0 || slot >= owners.length) {
                    throw new IllegalArgumentException("slot " + slot + " of server '"
                            + servers.get(i).getKey() + "' is not within 0 to " + (owners.length - 1));
                }
                owners[slot] = i;
            }
        }
        long[] received = new long[servers.size()];
        int owner = -1;
        for (int at = 2 * counts.length - 1; at >= 0; at--) {
            int slot = at % counts.length;
            owner = owners[slot] >= 0 ? owners[slot] : owner;
            if (owner >= 0 && at < counts.length) {
                received[owner] += counts[slot];
            }
        }
        List<LintReport.Share> shares = new ArrayList<>();
        for (int i = 0; i < received.length; i++) {
            shares.add(
                    new LintReport.Share(servers.get(i).getKey(), (double) received[i] / keys, 1.0 / received.length));
        }
        return shares;
    }

    /** Returns the warnings about the function of this name. */
    List<String> warnings(String name) {
        List<String> warnings = new ArrayList<>();
        if (keysOutside > 0) {
            warnings.add(name + " maps " + keysOutside + " of " + keys + " keys outside slots 0 to "
                    + (counts.length - 1) + ": key " + firstOutside);
        }
        if (reachable() < counts.length) {
            warnings.add(name + " maps keys to only " + reachable() + " of " + counts.length + " slots");
        }
        if (collisionRatio() > MAX_COLLISION_RATIO) {
            warnings.add("two keys collide in one slot " + LintReport.times(collisionRatio())
                    + " as often as with a uniform distribution");
        }
        int heaviest = 0;
        for (int slot = 0; slot < counts.length; slot++) {
            heaviest = counts[slot] > counts[heaviest] ? slot : heaviest;
        }
        if (counts[heaviest] > MAX_SLOT_LOAD * Math.max(1, keys / counts.length)) {
            warnings.add("slot " + heaviest + " alone receives " + LintReport.percent((double) counts[heaviest] / keys)
                    + " of all keys");
        }
        return warnings;
    }

    LintReport report(String name, List<LintReport.Share> shares, List<String> warnings) {
        return new LintReport(
                name,
                OptionalInt.of(counts.length),
                OptionalInt.of(reachable()),
                OptionalDouble.of(collisionRatio()),
                shares,
                warnings);
    }

    private int reachable() {
        return (int) Arrays.stream(counts).filter(count -> count > 0).count();
    }

    /** Returns the probability that two keys share a slot, times the number of slots. */
    private double collisionRatio() {
        double sum = 0;
        for (long count : counts) {
            sum += (double) count / keys * count / keys;
        }
        return sum * counts.length;
    }
}
