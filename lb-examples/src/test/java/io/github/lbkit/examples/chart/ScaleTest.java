package io.github.lbkit.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScaleTest {
    @Property(tries = 500)
    void ticks_are_round_few_and_cover_the_greatest_value(
            @ForAll @DoubleRange(min = 1e-6, max = 1e12) @net.jqwik.api.constraints.Scale(6) double greatest,
            @ForAll @IntRange(min = 2, max = 10) int wanted) {
        Scale scale = Scale.fromZero(greatest, wanted, 500, 100);

        List<Double> ticks = scale.ticks();
        double mantissa = scale.step() / Math.pow(10, Math.floor(Math.log10(scale.step()) + 1e-9));
        assertThat(mantissa).isBetween(0.999, 5.001);
        assertThat(Math.abs(mantissa - 1) < 1e-6 || Math.abs(mantissa - 2) < 1e-6 || Math.abs(mantissa - 5) < 1e-6)
                .as("step %s", scale.step())
                .isTrue();
        assertThat(ticks.get(0)).isZero();
        assertThat(ticks.get(ticks.size() - 1)).isGreaterThanOrEqualTo(greatest * (1 - 1e-6));
        assertThat(ticks).hasSizeBetween(2, wanted + 2);
        assertThat(scale.high()).isLessThanOrEqualTo(greatest * (1 + 1.0) + scale.step());
    }

    @Property(tries = 500)
    void places_are_proportional_to_values(
            @ForAll @DoubleRange(min = 0.001, max = 1e9) @net.jqwik.api.constraints.Scale(3) double greatest,
            @ForAll @DoubleRange(min = 0, max = 1) double part) {
        Scale scale = Scale.fromZero(greatest, 5, 500, 100);

        assertThat(scale.at(0)).isEqualTo(500);
        assertThat(scale.at(scale.high())).isEqualTo(100);
        assertThat(500 - scale.at(greatest * part)).isCloseTo((500 - scale.at(greatest)) * part, within());
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-6);
    }

    @Test
    void a_scale_of_counts_has_integer_ticks() {
        assertThat(Scale.counting(2, 5, 0, 1).ticks()).containsExactly(0.0, 1.0, 2.0);
        assertThat(Scale.counting(0, 5, 0, 1).ticks()).containsExactly(0.0, 1.0);
        assertThat(Scale.counting(8437, 5, 0, 1).ticks()).containsExactly(0.0, 2000.0, 4000.0, 6000.0, 8000.0, 10000.0);
    }

    @Test
    void a_window_that_begins_between_ticks_has_those_within_it() {
        assertThat(Scale.between(3.7, 8.2, 5, 0, 1).ticks()).containsExactly(4.0, 5.0, 6.0, 7.0, 8.0);
    }

    @Test
    void numbers_show_as_many_digits_as_say_something() {
        assertThat(List.of(
                        Figures.plain(12345),
                        Figures.plain(0),
                        Figures.plain(1.5),
                        Figures.plain(1.0344),
                        Figures.plain(12.345),
                        Figures.plain(123.45),
                        Figures.plain(0.01234)))
                .containsExactly("12,345", "0", "1.5", "1.03", "12.3", "123", "0.0123");
        assertThat(List.of(Figures.tick(1000, 500), Figures.tick(0.3, 0.1), Figures.tick(2, 1)))
                .containsExactly("1,000", "0.3", "2");
        assertThat(Figures.percent(0.8437)).isEqualTo("84.37 %");
    }
}
