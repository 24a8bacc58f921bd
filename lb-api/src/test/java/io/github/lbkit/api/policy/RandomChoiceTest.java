package io.github.lbkit.api.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomChoiceTest {
    private static final Picker PICKER = new RandomChoice()
            .picker(List.of(new Member("a", 1), new Member("b", 0), new Member("c", 3), new Member("d", 6)));

    @Test
    void choices_are_in_proportion_to_weight() {
        int[] counts = counts(-1);

        // a fixed seed; five standard deviations of 100,000 draws
        assertThat(counts[0]).isBetween(9_526, 10_474);
        assertThat(counts[1]).isZero();
        assertThat(counts[2]).isBetween(29_276, 30_724);
    }

    @Test
    void without_those_already_tried_the_others_keep_their_proportion() {
        int[] counts = counts(3);

        assertThat(counts[0]).isBetween(24_316, 25_684);
        assertThat(counts[2]).isBetween(74_316, 75_684);
        assertThat(counts[3]).isZero();
    }

    private static int[] counts(int tried) {
        Cursor cursor = new Cursor(new Random(21)::nextLong);
        int[] counts = new int[4];
        for (int call = 0; call < 100_000; call++) {
            cursor.restart();
            if (tried >= 0) {
                cursor.visit(tried);
            }
            counts[PICKER.next(Key.none(), cursor, LoadView.IDLE)]++;
        }
        return counts;
    }
}
