package io.github.lbkit.api.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeastRequestsTest {
    private static final int CALLS = 40_000;

    @Test
    void of_two_servers_the_one_with_fewer_in_flight_is_taken() {
        assertThat(counts(new Load(new int[] {3, 2}, new long[2]), 1, 1)).containsExactly(0, CALLS);
    }

    @Test
    void load_counts_per_weight() {
        assertThat(counts(new Load(new int[] {1, 9}, new long[2]), 1, 10)).containsExactly(0, CALLS);
        assertThat(counts(new Load(new int[] {1, 11}, new long[2]), 1, 10)).containsExactly(CALLS, 0);
    }

    @Test
    void products_of_load_and_weight_do_not_overflow() {
        int most = Integer.MAX_VALUE;

        assertThat(counts(new Load(new int[] {most, most - 1}, new long[2]), 1_000_000, 999_999))
                .containsExactly(CALLS, 0);
    }

    @Test
    void on_a_tie_one_that_is_clearly_faster_is_taken_but_now_and_then_the_slower_shows_how_it_is() {
        int[] counts = counts(new Load(new int[] {2, 2}, new long[] {1_000, 500}), 1, 1);

        // drawn first in half of the calls, and kept in one of eight of those; a fixed seed, five standard deviations
        assertThat(counts[0]).isBetween(CALLS / 16 - 242, CALLS / 16 + 242);
    }

    @Test
    void a_small_difference_in_latency_breaks_no_tie() {
        int[] counts = counts(new Load(new int[2], new long[] {999, 500}), 1, 1);

        // a fixed seed; five standard deviations
        assertThat(counts[0]).isBetween(CALLS / 2 - 500, CALLS / 2 + 500);
    }

    @Test
    void a_server_without_measurements_does_not_count_as_fast() {
        int[] counts = counts(new Load(new int[2], new long[] {500, 0}), 1, 1);

        // a fixed seed; five standard deviations
        assertThat(counts[0]).isBetween(CALLS / 2 - 500, CALLS / 2 + 500);
    }

    @Test
    void idle_servers_share_in_proportion_to_weight() {
        int[] counts = counts(LoadView.IDLE, 1, 2, 5);

        // the first drawn wins each tie; a fixed seed, five standard deviations
        assertThat(counts[0]).isBetween(CALLS / 8 - 331, CALLS / 8 + 331);
        assertThat(counts[1]).isBetween(CALLS / 4 - 433, CALLS / 4 + 433);
    }

    @Test
    void a_further_candidate_is_the_better_of_two_that_were_not_tried() {
        Picker picker = picker(1, 1, 1);
        Load load = new Load(new int[] {0, 5, 4}, new long[3]);
        Cursor cursor = new Cursor(new Random(4)::nextLong);

        for (int call = 0; call < 1_000; call++) {
            cursor.restart();
            cursor.visit(0);
            assertThat(picker.next(Key.none(), cursor, load)).isEqualTo(2);
            assertThat(picker.next(Key.none(), cursor, load)).isEqualTo(1);
            assertThat(picker.next(Key.none(), cursor, load)).isEqualTo(-1);
        }
    }

    @Test
    void two_choices_keep_queues_short_where_one_choice_does_not() {
        int[] equal = IntStream.generate(() -> 1).limit(100).toArray();

        int twoChoices = longestQueue(picker(equal));
        int oneChoice = longestQueue(new RandomChoice().picker(members(equal)));

        assertThat(twoChoices).isLessThan(oneChoice * 2 / 3);
    }

    /** Keeps 400 requests in flight, ends the oldest for each new one, and tells the most that one server ever had. */
    private static int longestQueue(Picker picker) {
        Load load = new Load(new int[100], new long[100]);
        Queue<Integer> inFlight = new ArrayDeque<>();
        Cursor cursor = new Cursor(new Random(9)::nextLong);
        int longest = 0;
        for (int request = 0; request < CALLS; request++) {
            cursor.restart();
            int index = picker.next(Key.none(), cursor, load);
            longest = Math.max(longest, ++load.inFlight[index]);
            inFlight.add(index);
            if (inFlight.size() > 400) {
                load.inFlight[inFlight.remove()]--;
            }
        }
        return longest;
    }

    private static int[] counts(LoadView load, int... weights) {
        Picker picker = picker(weights);
        Cursor cursor = new Cursor(new Random(8)::nextLong);
        int[] counts = new int[weights.length];
        for (int call = 0; call < CALLS; call++) {
            cursor.restart();
            counts[picker.next(Key.none(), cursor, load)]++;
        }
        return counts;
    }

    private static Picker picker(int... weights) {
        return new LeastRequests().picker(members(weights));
    }

    private static List<Member> members(int... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(i -> new Member("S" + (100 + i), weights[i]))
                .toList();
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Load(int[] inFlight, long[] latencies) implements LoadView {
        @Override
        public int inFlight(int index) {
            return inFlight[index];
        }

        @Override
        public long latencyNanos(int index) {
            return latencies[index];
        }
    }
}
