package io.github.lbkit.hashing.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MaglevTableTest {
    private static final int SLOTS = 251;

    /** Compares with an implementation of each round, member by member. */
    @Property(tries = 200)
    void members_take_turns_as_in_envoy(
            @ForAll @IntRange(min = 1, max = 30) int n,
            @ForAll @IntRange(min = 1, max = 1000) int maxWeight,
            @ForAll long seed) {
        Random random = new Random(seed);
        int[] offsets = random.ints(n, 0, SLOTS).toArray();
        int[] skips = random.ints(n, 1, SLOTS).toArray();
        double[] weights = random.ints(n, 0, maxWeight + 1).asDoubleStream().toArray();
        weights[0] = maxWeight;
        double sum = Arrays.stream(weights).sum();
        double[] shares = Arrays.stream(weights).map(w -> w / sum).toArray();

        assertThat(new MaglevTable(SLOTS, offsets, skips, weights).fill())
                .isEqualTo(roundByRound(offsets, skips, weights));
        assertThat(new MaglevTable(SLOTS, offsets, skips, shares).fill())
                .isEqualTo(roundByRound(offsets, skips, shares));
    }

    @Test
    void a_light_member_among_heavy_ones_does_not_slow_down_filling() {
        int n = 60_000;
        int slots = 65_537;
        Random random = new Random(1);
        double[] weights = new double[n];
        Arrays.fill(weights, 1);
        weights[7] = 1_000_000;

        char[] owners = new MaglevTable(
                        slots,
                        random.ints(n, 0, slots).toArray(),
                        random.ints(n, 1, slots).toArray(),
                        weights)
                .fill();

        assertThat(new String(owners).chars().distinct().count()).isEqualTo(n);
    }

    @Test
    void a_table_without_weighted_members_has_no_owner() {
        assertThat(new MaglevTable(7, new int[1], new int[] {1}, new double[1]).fill())
                .containsOnly(TableRouter.NO_OWNER);
    }

    private static char[] roundByRound(int[] offsets, int[] skips, double[] weights) {
        char[] owners = new char[SLOTS];
        Arrays.fill(owners, TableRouter.NO_OWNER);
        long[] nexts = new long[weights.length];
        double[] targets = new double[weights.length];
        double greatest = Arrays.stream(weights).max().orElse(0);
        for (int round = 1, free = SLOTS; free > 0; round++) {
            for (int i = 0; i < weights.length && free > 0; i++) {
                if (weights[i] == 0 || round * weights[i] < targets[i]) {
                    continue;
                }
                targets[i] += greatest;
                int slot;
                do {
                    slot = (int) ((offsets[i] + skips[i] * nexts[i]++) % SLOTS);
                } while (owners[slot] != TableRouter.NO_OWNER);
                owners[slot] = (char) i;
                free--;
            }
        }
        return owners;
    }
}
