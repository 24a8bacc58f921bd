package io.github.lbkit.hashing.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.HashRouter.Guarantee;
import io.github.lbkit.api.Member;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DensityTest {
    private static final int MAX_POINTS = 1_000;

    @Test
    void points_are_halved_until_all_fit() {
        Density density = new Density(100, MAX_POINTS);

        assertThat(density.pointsPerWeight(equal(10))).isEqualTo(100);
        assertThat(density.pointsPerWeight(equal(11))).isEqualTo(50);
        assertThat(density.pointsPerWeight(equal(20))).isEqualTo(50);
        assertThat(density.pointsPerWeight(equal(21))).isEqualTo(25);
        assertThat(Density.points(equal(21), 25)).isEqualTo(525);
    }

    @Test
    void a_light_member_beside_heavy_ones_keeps_one_point() {
        List<Member> members = List.of(new Member("heavy", 1_000_000), new Member("light", 1), new Member("none", 0));

        double halved = new Density(100, MAX_POINTS).pointsPerWeight(members);

        assertThat(Density.points(members.get(0), halved)).isBetween(500L, 999L);
        assertThat(Density.points(members.get(1), halved)).isEqualTo(1);
        assertThat(Density.points(members.get(2), halved)).isZero();
    }

    /** The points equal those of a ring that was configured with fewer points. */
    @Test
    void a_halved_ring_is_the_ring_with_half_the_points() {
        HashRouter halved = FixedRingRouter.of(equal(17), new Density(100, MAX_POINTS));
        HashRouter asked = FixedRingRouter.of(equal(17), 50);
        SplittableRandom random = new SplittableRandom(1);

        for (int i = 0; i < 10_000; i++) {
            long key = random.nextLong();
            assertThat(halved.owner(key)).isEqualTo(asked.owner(key));
        }
        assertThat(halved.name()).isEqualTo(FixedRingRouter.of(equal(3), 100).name());
    }

    /** A change may halve or double the points of all members, but shares stay proportional. */
    @Test
    void a_halved_ring_guarantees_no_order_of_candidates() {
        Density density = new Density(100, MAX_POINTS);

        assertThat(FixedRingRouter.of(equal(10), density).guarantees())
                .containsExactlyInAnyOrder(
                        Guarantee.CANDIDATES_FILTER, Guarantee.MINIMAL_DISRUPTION, Guarantee.PROPORTIONAL);
        assertThat(FixedRingRouter.of(equal(11), density).guarantees()).containsExactly(Guarantee.PROPORTIONAL);
        assertThat(FixedRingRouter.of(equal(81), density).guarantees()).isEmpty();
    }

    @Test
    void any_history_across_a_halving_gives_the_ring_of_a_new_router() {
        Density density = new Density(100, MAX_POINTS);
        HashRouter changed = FixedRingRouter.of(equal(10), density);
        SplittableRandom random = new SplittableRandom(5);
        for (int step = 0; step < 300; step++) {
            int id = random.nextInt(25);
            changed = random.nextInt(3) == 0
                    ? changed.without("S" + id)
                    : changed.with(new Member("S" + id, random.nextInt(4)));

            assertThat(changed.movesTo(FixedRingRouter.of(changed.members(), density)))
                    .isEmpty();
        }
    }

    private static List<Member> equal(int servers) {
        return IntStream.range(0, servers).mapToObj(i -> new Member("S" + i, 1)).toList();
    }
}
