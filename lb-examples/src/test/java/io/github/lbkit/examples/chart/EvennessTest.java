package io.github.lbkit.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EvennessTest {
    @Test
    void a_tenth_above_the_mean_is_even_and_more_is_not_unless_chance_can_do_it() {
        assertThat(Evenness.of(List.of(10_000L, 10_900L, 9_100L))).isTrue();
        assertThat(Evenness.of(List.of(10_000L, 11_500L, 8_500L))).isFalse();
        assertThat(Evenness.of(List.of(10L, 14L, 6L))).as("of 30 requests").isTrue();
        assertThat(Evenness.of(List.of(8437L, 469L, 1094L))).isFalse();
        assertThat(Evenness.of(List.of())).isTrue();
        assertThat(Evenness.of(List.of(0L, 0L))).isTrue();
    }
}
