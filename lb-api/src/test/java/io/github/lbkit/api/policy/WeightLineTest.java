package io.github.lbkit.api.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Member;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WeightLineTest {
    @Property(tries = 300)
    void every_position_belongs_to_who_lies_there(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 40) Integer> weights) {
        WeightLine line = line(weights.stream().mapToInt(w -> w).toArray());

        long position = 0;
        for (int i = 0; i < weights.size(); i++) {
            for (long inside = 0; inside < line.part(i); inside++) {
                assertThat(line.at(position++)).isEqualTo(i);
            }
        }
        assertThat(line.length()).isEqualTo(position);
    }

    @Test
    void light_members_between_heavy_ones_are_found() {
        int[] weights = new int[2_000];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i % 1_000 == 7 ? 1_000_000 : 1;
        }
        WeightLine line = line(weights);

        assertThat(line.at(6)).isEqualTo(6);
        assertThat(line.at(7)).isEqualTo(7);
        assertThat(line.at(1_000_006)).isEqualTo(7);
        assertThat(line.at(1_000_007)).isEqualTo(8);
        assertThat(line.at(line.length() - 1)).isEqualTo(1_999);
    }

    @Test
    void the_common_divisor_of_weights_is_removed() {
        WeightLine line = line(600_000, 0, 400_000);

        assertThat(line.length()).isEqualTo(5);
        assertThat(line.candidates()).isEqualTo(2);
        assertThat(line.part(0)).isEqualTo(3);
        assertThat(line.part(1)).isZero();
    }

    @Test
    void without_weights_the_line_is_empty() {
        assertThat(line(0, 0).length()).isZero();
        assertThat(line().candidates()).isZero();
    }

    private static WeightLine line(int... weights) {
        return new WeightLine(IntStream.range(0, weights.length)
                .mapToObj(i -> new Member("S" + (10_000 + i), weights[i]))
                .toList());
    }
}
