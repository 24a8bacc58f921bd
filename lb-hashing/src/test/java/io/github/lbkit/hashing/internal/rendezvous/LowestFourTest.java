package io.github.lbkit.hashing.internal.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LowestFourTest {
    /** Draws scores from a few numbers and infinity, so that many are equal. */
    @Test
    void the_four_lowest_are_in_order_and_equal_scores_as_offered() {
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

            LowestFour lowest = new LowestFour();
            for (int i = 0; i < scores.length; i++) {
                if (!lowest.excludes(scores[i])) {
                    lowest.offer(i, scores[i]);
                }
            }

            assertThat(indexes(lowest)).isEqualTo(expected);
        }
    }

    @Test
    void an_index_that_is_too_large_to_be_kept_ends_what_is_indexes() {
        int largest = (1 << 21) - 2;
        LowestFour kept = new LowestFour();
        LowestFour cut = new LowestFour();
        for (int i = 0; i < 4; i++) {
            kept.offer(largest - i, i);
            cut.offer(i == 2 ? largest + 1 : Integer.MAX_VALUE / (i + 1) % largest, i);
        }

        assertThat(indexes(kept)).containsExactly(largest, largest - 1, largest - 2, largest - 3);
        assertThat(indexes(cut)).hasSize(2);
    }

    private static List<Integer> indexes(LowestFour lowest) {
        Cursor cursor = new Cursor(() -> 0);
        List<Integer> indexes = new ArrayList<>();
        for (int index = lowest.takeFirst(cursor); index >= 0; index = LowestFour.nextKept(cursor)) {
            indexes.add(index);
        }
        return indexes;
    }
}
