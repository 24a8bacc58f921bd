package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.HashRouter.Guarantee;
import io.github.lbkit.api.Member;
import io.github.lbkit.testkit.HashRouterContract;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest extends HashRouterContract {
    @Override
    protected HashRouter router(List<Member> members) {
        return HashRouters.ring(members, 10);
    }

    @Override
    protected HashRouter goldenRouter(List<Member> members) {
        return HashRouters.ring(members, HashRouters.DEFAULT_POINTS_PER_WEIGHT);
    }

    @Override
    protected long goldenChecksum() {
        return -5124219214607460174L;
    }

    @Override
    protected int maxWeight() {
        return 20;
    }

    /** Bounds of a share Beta(V, (n − 1) · V) at 10^−9, and of the variance of all. */
    @ParameterizedTest
    @CsvSource({"10, 100, 0.50, 1.72", "100, 100, 0.46, 1.83", "1000, 100, 0.44, 1.89", "1000, 160, 0.54, 1.67"})
    void shares_deviate_by_the_number_of_points(int servers, int points, double least, double most) {
        HashRouter router = HashRouters.ring(ClaimTableTest.equal(servers), points);

        double variance = 0;
        for (int i = 0; i < servers; i++) {
            double ratio = router.share(i) * servers;
            assertThat(ratio).isBetween(least, most);
            variance += (ratio - 1) * (ratio - 1) / servers;
        }
        if (servers >= 100) {
            assertThat(variance * points).isBetween(0.5, 1.5);
        }
    }

    @Test
    void changes_one_by_one_give_the_ring_of_a_new_router() {
        SplittableRandom random = new SplittableRandom(5);
        HashRouter changed = HashRouters.ring(ClaimTableTest.equal(100), 100);
        for (int step = 0; step < 100; step++) {
            int id = random.nextInt(150);
            changed = random.nextInt(3) == 0
                    ? changed.without("S" + id)
                    : changed.with(new Member("S" + id, random.nextInt(4)));
        }

        assertThat(changed.movesTo(HashRouters.ring(changed.members(), 100))).isEmpty();
    }

    @Test
    void points_are_rounded_to_one_at_least() {
        HashRouter router = HashRouters.ring(List.of(new Member("a", 1), new Member("b", 30), new Member("c", 0)), 0.1);

        assertThat(router.position(0)).endsWith("of 4");
        assertThat(router.guarantees()).doesNotContain(Guarantee.PROPORTIONAL);
    }

    @Test
    void a_ring_over_the_maximum_has_fewer_points() {
        List<Member> heavy = List.of(new Member("a", 1_000_000), new Member("b", 1));

        HashRouter router = HashRouters.ring(heavy, 100);

        assertThat(router.position(0)).endsWith("of 6250006");
        assertThat(router.guarantees()).isEmpty();
        assertThat(HashRouters.ring(heavy, 0.001).position(0)).endsWith("of 1001");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 100_001, Double.NaN})
    void points_per_weight_out_of_range_are_refused(double points) {
        assertThatThrownBy(() -> HashRouters.ring(List.of(), points))
                .hasMessageContaining("points per weight " + points);
    }

    @Test
    void absolute_weights_count() {
        assertThat(HashRouters.ring(List.of(), 100).guarantees()).doesNotContain(Guarantee.WEIGHT_RATIOS);
    }
}
