package io.github.lbkit.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LatencyCountsTest {
    @Property(tries = 300)
    void a_percentile_is_known_to_a_fifth(
            @ForAll @Size(min = 1, max = 200) List<@LongRange(min = 100, max = 60_000_000_000L) Long> nanos,
            @ForAll boolean median) {
        LatencyCounts counts = new LatencyCounts();
        long[] before = counts.sums();
        nanos.forEach(counts::add);
        double part = median ? 0.5 : 0.99;

        long told = LatencyCounts.percentile(before, counts.sums(), part);

        long exact = nanos.stream().sorted().toList().get((int) Math.ceil(part * nanos.size()) - 1);
        assertThat((double) told).isBetween(exact * 0.8, exact * 1.2);
    }

    @Test
    void only_values_between_two_snapshots_count() {
        LatencyCounts counts = new LatencyCounts();
        counts.add(1_000_000_000);
        long[] before = counts.sums();
        assertThat(LatencyCounts.percentile(before, counts.sums(), 0.99)).isZero();

        counts.add(1_000);

        assertThat(LatencyCounts.percentile(before, counts.sums(), 0.99)).isBetween(800L, 1_200L);
    }

    @Test
    void extremes_have_a_bucket() {
        LatencyCounts counts = new LatencyCounts();
        long[] before = counts.sums();
        counts.add(0);
        counts.add(Long.MAX_VALUE);

        assertThat(LatencyCounts.percentile(before, counts.sums(), 0.99)).isPositive();
    }
}
