package io.github.lbkit.api.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundRobinTest {
    @Test
    void equal_weights_take_turns_in_order_of_ids() {
        Picker picker = picker(0, 7, 7, 7);

        assertThat(picks(picker, 7)).containsExactly(0, 1, 2, 0, 1, 2, 0);
    }

    @Test
    void a_heavy_server_does_not_get_its_turns_in_one_block() {
        assertThat(longestRun(picks(picker(0, 3, 1), 400), 0)).isLessThanOrEqualTo(3);
        assertThat(longestRun(picks(picker(0, 5, 5, 1), 1_100), 0)).isLessThanOrEqualTo(2);
    }

    @Property(tries = 200)
    void a_whole_period_gives_each_server_exactly_its_weight(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 50) Integer> weights, @ForAll long start) {
        int[] array = weights.stream().mapToInt(w -> w).toArray();
        int period = IntStream.of(array).sum();

        int[] counts = count(picks(picker(start >>> 1, array), period), array.length);

        assertThat(counts).isEqualTo(array);
    }

    /** The worst of 40,000 random sets was 6. */
    @Property(tries = 60)
    void any_run_of_turns_comes_within_eight_picks_of_the_share(
            @ForAll("weights") int[] weights, @ForAll @IntRange(max = 1_000_000_000) int start) {
        int turns = 20_000;
        double total = IntStream.of(weights).asLongStream().sum();
        double[] highest = new double[weights.length];
        double[] lowest = new double[weights.length];
        int[] counts = new int[weights.length];

        int turn = 0;
        for (int index : picks(picker(start, weights), turns)) {
            double share = weights[index] / total;
            lowest[index] = Math.min(lowest[index], counts[index] - turn * share);
            counts[index]++;
            turn++;
            highest[index] = Math.max(highest[index], counts[index] - turn * share);
        }

        for (int i = 0; i < weights.length; i++) {
            assertThat(highest[i] - lowest[i]).as("server %s", i).isLessThan(8);
        }
    }

    @Provide
    Arbitrary<int[]> weights() {
        return Arbitraries.oneOf(
                        Arbitraries.integers().between(1, 10),
                        Arbitraries.integers().between(1, 1_000_000),
                        Arbitraries.of(1, 1_000_000))
                .array(int[].class)
                .ofMinSize(2)
                .ofMaxSize(12);
    }

    @Test
    void one_in_a_million_is_one_in_a_million() {
        List<Integer> picks = picks(picker(12_345, 1_000_000, 1), 1_000_001);

        assertThat(count(picks, 2)).containsExactly(1_000_000, 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {(1L << 31) - 3, (1L << 32) - 3, Long.MAX_VALUE - 3})
    void turns_go_on_past_the_ends_of_numbers(long start) {
        List<Integer> picks = picks(picker(start, 1, 1, 1, 1, 1, 1, 1), 14);

        for (int i = 1; i < picks.size(); i++) {
            assertThat(picks.get(i)).isEqualTo((picks.get(i - 1) + 1) % 7);
        }
    }

    @Test
    void a_line_longer_than_32_bits_is_shared_exactly_too() {
        int[] weights = new int[5_000];
        Random random = new Random(5);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 900_000 + random.nextInt(100_000);
        }
        int turns = 500_000;
        double total = IntStream.of(weights).asLongStream().sum();

        int[] counts = count(picks(picker(0, weights), turns), weights.length);

        assertThat(total).isGreaterThan(Integer.MAX_VALUE);
        for (int i = 0; i < weights.length; i++) {
            double expected = weights[i] / total * turns;
            assertThat((double) counts[i]).isBetween(expected - 7, expected + 7);
        }
    }

    @Test
    void the_server_after_one_that_is_down_gets_no_double_share() {
        Picker picker = picker(0, 1, 1, 1, 1, 1);
        int down = 2;
        int[] counts = new int[5];
        Cursor cursor = new Cursor(new Random(1)::nextLong);

        for (int call = 0; call < 4_000; call++) {
            cursor.restart();
            int index = picker.next(Key.none(), cursor, LoadView.IDLE);
            counts[index == down ? picker.next(Key.none(), cursor, LoadView.IDLE) : index]++;
        }

        assertThat(counts).containsExactly(1_000, 1_000, 0, 1_000, 1_000);
    }

    @Test
    void a_call_that_tried_the_heavy_server_finds_the_light_ones_in_proportion() {
        Picker picker = picker(0, 1_000_000, 1, 3);
        int[] counts = new int[3];
        Cursor cursor = new Cursor(new Random(2)::nextLong);

        for (int call = 0; call < 40_000; call++) {
            cursor.restart();
            cursor.visit(0);
            counts[picker.next(Key.none(), cursor, LoadView.IDLE)]++;
        }

        // a fixed seed; about five standard deviations of 40,000 draws
        assertThat(counts[1]).isBetween(9_560, 10_440);
    }

    /** Threads that share a counter of turns make whole periods together as well. */
    @Test
    void whole_periods_of_every_thread_are_whole_periods_of_all() throws Exception {
        int[] weights = {1, 2, 5};
        Picker picker = picker(3, weights);
        int periods = 5_000;
        List<CompletableFuture<int[]>> counts = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int thread = 0; thread < 4; thread++) {
                counts.add(CompletableFuture.supplyAsync(() -> count(picks(picker, 8 * periods), 3), threads));
            }

            int[] sum = new int[3];
            for (CompletableFuture<int[]> count : counts) {
                for (int i = 0; i < 3; i++) {
                    sum[i] += count.get()[i];
                }
            }
            assertThat(sum).containsExactly(4 * periods, 8 * periods, 20 * periods);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void pickers_of_one_policy_begin_at_turns_of_their_own() {
        Random random = new Random(3);
        RoundRobin policy = new RoundRobin(random::nextLong);

        assertThat(IntStream.range(0, 50)
                        .map(i -> picks(policy.picker(members(1, 1, 1, 1)), 1).get(0))
                        .distinct())
                .hasSize(4);
    }

    @Test
    void weights_that_no_line_can_hold_are_refused() {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < 1_100_000; i++) {
            members.add(new Member(Integer.toString(i), 1_000_000 - i % 2));
        }

        assertThatThrownBy(() -> new RoundRobin().picker(members))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("smaller weights");
    }

    private static Picker picker(long start, int... weights) {
        return new RoundRobin(() -> start).picker(members(weights));
    }

    private static List<Member> members(int... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(i -> new Member("S" + (10_000 + i), weights[i]))
                .toList();
    }

    private static List<Integer> picks(Picker picker, int count) {
        Cursor cursor = new Cursor(() -> 0);
        List<Integer> picks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            cursor.restart();
            picks.add(picker.next(Key.none(), cursor, LoadView.IDLE));
        }
        return picks;
    }

    private static int[] count(List<Integer> picks, int servers) {
        int[] counts = new int[servers];
        picks.forEach(index -> counts[index]++);
        return counts;
    }

    private static int longestRun(List<Integer> picks, int index) {
        int longest = 0;
        int run = 0;
        for (int pick : picks) {
            run = pick == index ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
