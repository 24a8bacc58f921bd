package io.github.lbkit.hashing.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NextFourTest {
    /** Scores from a few numbers and infinity, so that many are equal. */
    @Test
    void the_four_lowest_come_out_in_order_and_equal_scores_as_they_came() {
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 2_000; round++) {
            double[] scores = random.doubles(random.nextInt(9))
                    .map(score -> score > 0.9 ? Double.POSITIVE_INFINITY : Math.floor(6 * score))
                    .toArray();
            List<Integer> expected = IntStream.range(0, scores.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> scores[i]))
                    .limit(4)
                    .toList();

            NextFour next = new NextFour();
            for (int i = 0; i < scores.length; i++) {
                if (!next.excludes(scores[i])) {
                    next.offer(i, scores[i]);
                }
            }

            assertThat(given(next)).isEqualTo(expected);
        }
    }

    @Test
    void an_index_that_is_too_large_to_be_kept_ends_what_is_given() {
        int largest = (1 << 21) - 2;
        NextFour kept = new NextFour();
        NextFour cut = new NextFour();
        for (int i = 0; i < 4; i++) {
            kept.offer(largest - i, i);
            cut.offer(i == 2 ? largest + 1 : Integer.MAX_VALUE / (i + 1) % largest, i);
        }

        assertThat(given(kept)).containsExactly(largest, largest - 1, largest - 2, largest - 3);
        assertThat(given(cut)).hasSize(2);
    }

    private static List<Integer> given(NextFour next) {
        Cursor cursor = new Cursor(() -> 0);
        List<Integer> given = new ArrayList<>();
        for (int index = next.give(cursor); index >= 0; index = NextFour.kept(cursor)) {
            given.add(index);
        }
        return given;
    }
}
