package io.github.lbkit.hashing.internal.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExponentialTest {
    @Test
    void the_relative_error_is_below_2_to_the_minus_49() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 300_000; i++) {
            double x = draw(random);
            double expected = -StrictMath.log1p(-x);

            assertThat(Math.abs(Exponential.quantile(x) - expected)).isLessThan(expected * 0x1p-49);
        }
    }

    @Test
    void it_rises_from_each_draw_to_the_next() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 300_000; i++) {
            double x = Math.min(draw(random), 1 - 0x1p-44);

            assertThat(Exponential.quantile(x + 0x1p-45)).isGreaterThan(Exponential.quantile(x));
        }
    }

    @Test
    void its_values_never_change() {
        long sum = 0;
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 100_000; i++) {
            sum = sum * 31 + Double.doubleToRawLongBits(Exponential.quantile(draw(random)));
        }

        assertThat(sum).isEqualTo(-3227052195330047316L);
    }

    /** Returns an odd multiple of 2^−46, of each magnitude equally often. */
    private static double draw(SplittableRandom random) {
        return (random.nextLong() >>> (19 + random.nextInt(45)) << 1 | 1) * 0x1p-46;
    }
}
