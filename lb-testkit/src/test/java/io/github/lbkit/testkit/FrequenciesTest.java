package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrequenciesTest {
    @Test
    void fair_draws_fit() {
        Frequencies draws = draws(0.5, 100_000);

        assertThatCode(() -> draws.assertFit(Map.of("yes", 0.5, "no", 0.5))).doesNotThrowAnyException();
    }

    @Test
    void draws_with_a_deviation_of_5_percent_do_not_fit() {
        Frequencies draws = draws(0.525, 100_000);

        assertThatThrownBy(() -> draws.assertFit(Map.of("yes", 0.5, "no", 0.5))).isInstanceOf(AssertionError.class);
    }

    @Test
    void an_impossible_outcome_must_not_occur_once() {
        Frequencies draws = draws(1, 100_000);
        draws.count("impossible");

        assertThatThrownBy(() -> draws.assertFit(Map.of("yes", 1.0))).isInstanceOf(AssertionError.class);
    }

    @Test
    void a_rare_outcome_may_occur_a_few_times_but_not_often() {
        Frequencies draws = draws(1, 100_000);
        for (int i = 0; i < 15; i++) {
            draws.count("rare");
        }

        assertThatCode(() -> draws.assertFit(Map.of("yes", 1 - 1e-4, "rare", 1e-4)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> draws.assertFit(Map.of("yes", 1.0, "rare", 0.0)))
                .isInstanceOf(AssertionError.class);
        for (int i = 0; i < 200; i++) {
            draws.count("rare");
        }
        assertThatThrownBy(() -> draws.assertFit(Map.of("yes", 1 - 1e-4, "rare", 1e-4)))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void probabilities_must_sum_to_1() {
        Frequencies draws = draws(0.5, 100_000);

        assertThatThrownBy(() -> draws.assertFit(Map.of("yes", 0.5, "no", 0.4)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("sum");
    }

    private static Frequencies draws(double yes, int count) {
        Random random = new Random(7);
        Frequencies draws = new Frequencies();
        for (int i = 0; i < count; i++) {
            draws.count(random.nextDouble() < yes ? "yes" : "no");
        }
        return draws;
    }
}
