package io.github.lbkit.examples.analysis.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChiSquareTest {
    /** Critical values as tables have them. */
    @ParameterizedTest
    @CsvSource({
        "3.841458820694124, 1, 0.05",
        "6.634896601021213, 1, 0.01",
        "10.827566170662733, 1, 0.001",
        "5.991464547107979, 2, 0.05",
        "9.210340371976182, 2, 0.01",
        "7.814727903251179, 3, 0.05",
        "11.070497693516351, 5, 0.05",
        "18.307038053275146, 10, 0.05",
        "0.710723021397324, 4, 0.95",
        "124.34211340400407, 100, 0.05"
    })
    void chances_are_those_of_the_tables(double statistic, int degrees, double chance) {
        assertThat(ChiSquare.p(statistic, degrees)).isCloseTo(chance, Percentage.withPercentage(1e-8));
    }

    /** For even degrees the chance is a finite sum. */
    @Property(tries = 300)
    void chances_of_even_degrees_are_the_poisson_sum(
            @ForAll @DoubleRange(min = 0.01, max = 200) double statistic,
            @ForAll @IntRange(min = 1, max = 40) int half) {
        double term = Math.exp(-statistic / 2);
        double sum = term;
        for (int i = 1; i < half; i++) {
            term *= statistic / 2 / i;
            sum += term;
        }

        assertThat(ChiSquare.p(statistic, 2 * half)).isCloseTo(sum, within(1e-12));
    }

    @Property(tries = 300)
    void a_greater_deviation_has_a_smaller_chance(
            @ForAll @DoubleRange(min = 0, max = 500) double statistic,
            @ForAll @IntRange(min = 1, max = 200) int degrees) {
        double chance = ChiSquare.p(statistic, degrees);

        assertThat(chance).isBetween(0.0, 1.0);
        assertThat(ChiSquare.p(statistic + 1, degrees)).isLessThanOrEqualTo(chance + 1e-12);
        assertThat(ChiSquare.p(statistic, degrees + 1)).isGreaterThanOrEqualTo(chance - 1e-12);
    }

    @Test
    void counts_are_compared_with_what_was_expected_of_them() {
        ChiSquare.Fit fit = ChiSquare.fit(List.of(8500L, 450L, 1050L), List.of(0.84375, 0.046875, 0.109375));

        assertThat(fit.statistic()).isCloseTo(80.0 / 27, within(1e-9));
        assertThat(fit.degrees()).isEqualTo(2);
        assertThat(fit.p()).isCloseTo(Math.exp(-fit.statistic() / 2), within(1e-12));
    }

    @Test
    void a_server_that_nothing_was_expected_of_and_that_answered_makes_it_impossible() {
        assertThat(ChiSquare.fit(List.of(10L, 1L), List.of(1.0, 0.0)).p()).isZero();
        assertThat(ChiSquare.fit(List.of(10L, 0L), List.of(1.0, 0.0)).p()).isEqualTo(1);
        assertThatThrownBy(() -> ChiSquare.fit(List.of(1L), List.of())).hasMessageContaining("1 counts for 0 shares");
    }
}
