package io.github.lbkit.hashing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** How many keys of a range a function sends to each slot. */
final class SlotDistribution {
    /** Keys that are drawn at random meet so much more often than keys that are counted off; more is the function's. */
    private static final double CLUSTERED = 1.25;

    private static final int HEAVY = 4;

    private final long[] counts;
    private final long keys;
    private long outside;
    private @Nullable String firstOutside;

    SlotDistribution(LongUnaryOperator slotOf, int slots, long firstKey, long keys) {
        this.counts = new long[slots];
        this.keys = keys;
        for (long key = firstKey; key < firstKey + keys; key++) {
            long slot = slotOf.applyAsLong(key);
            if (slot < 0 || slot >= slots) {
                firstOutside = outside++ == 0 ? key + " gives " + slot : firstOutside;
            } else {
                counts[(int) slot]++;
            }
        }
    }

    /** What each server gets that stands at these slots, if a key belongs to the nearest clockwise. */
    List<LintReport.Share> shares(Map<String, int[]> standing) {
        List<Map.Entry<String, int[]>> servers = List.copyOf(standing.entrySet());
        int[] owners = new int[counts.length];
        Arrays.fill(owners, -1);
        for (int i = servers.size() - 1; i >= 0; i--) {
            for (int slot : servers.get(i).getValue()) {
                if (slot < 0 || slot >= owners.length) {
                    throw new IllegalArgumentException(
                            "server '" + servers.get(i).getKey() + "' stands at slot " + slot
                                    + ", which is not within 0 to " + (owners.length - 1));
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

    List<String> warnings(String name) {
        List<String> warnings = new ArrayList<>();
        if (outside > 0) {
            warnings.add(name + " sends " + outside + " of " + keys + " keys to no slot: key " + firstOutside
                    + ", and slots are 0 to " + (counts.length - 1));
        }
        if (reachable() < counts.length) {
            warnings.add(name + " reaches " + reachable() + " of " + counts.length + " slots");
        }
        if (clustering() > CLUSTERED) {
            warnings.add("two keys meet in one slot " + LintReport.times(clustering())
                    + " as often as they would if they were spread evenly");
        }
        int heaviest = 0;
        for (int slot = 0; slot < counts.length; slot++) {
            heaviest = counts[slot] > counts[heaviest] ? slot : heaviest;
        }
        if (counts[heaviest] > HEAVY * Math.max(1, keys / counts.length)) {
            warnings.add("slot " + heaviest + " alone gets " + LintReport.percent((double) counts[heaviest] / keys)
                    + " of all keys");
        }
        return warnings;
    }

    LintReport report(String name, List<LintReport.Share> shares, List<String> warnings) {
        return new LintReport(
                name,
                OptionalInt.of(counts.length),
                OptionalInt.of(reachable()),
                OptionalDouble.of(clustering()),
                shares,
                warnings);
    }

    private int reachable() {
        return (int) Arrays.stream(counts).filter(count -> count > 0).count();
    }

    /** The chance that two keys meet, times the number of slots. */
    private double clustering() {
        double sum = 0;
        for (long count : counts) {
            sum += (double) count / keys * count / keys;
        }
        return sum * counts.length;
    }
}
