package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CappedTest {
    private static final int SLOTS = 1 << 16;

    @Property(tries = 15, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void no_member_has_more_than_its_cap(
            @ForAll @IntRange(min = 1, max = 200) int servers,
            @ForAll @IntRange(min = 1, max = 1_000_000) int maxWeight,
            @ForAll @IntRange(max = 3) int percent,
            @ForAll long seed) {
        double epsilon = percent / 100.0;
        java.util.Random random = new java.util.Random(seed);
        List<Member> members = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < servers; i++) {
            members.add(new Member("S" + i, 1 + random.nextInt(maxWeight)));
            total += members.get(i).weight();
        }

        HashRouter router = HashRouters.capped(members, 128, epsilon);

        double sum = 0;
        for (int i = 0; i < servers; i++) {
            double fair = (double) router.members().get(i).weight() / total;
            assertThat(router.share(i)).isLessThan((1 + epsilon) * fair + 1.0 / SLOTS);
            sum += router.share(i);
        }
        assertThat(sum).isBetween(1 - 1e-9, 1 + 1e-9);
    }

    @Test
    void a_hundred_equal_servers_peak_at_5_percent_and_move_little_more_than_they_must() {
        HashRouter router = HashRouters.capped(ClaimTableTest.equal(100), 128, 0.05);

        assertThat(ClaimTableTest.peak(router)).isLessThanOrEqualTo(1.05 + 100.0 / SLOTS);
        HashRouter more = router.with(new Member("new", 1));
        int joined = more.members().indexOf(new Member("new", 1));
        assertThat(moved(router, more) / more.share(joined)).isBetween(1.0, 1.05);
        HashRouter fewer = router.without("S50");
        int left = router.members().indexOf(new Member("S50", 1));
        assertThat(moved(router, fewer) / router.share(left)).isBetween(1.0, 1.05);
    }

    @Test
    void without_excess_a_hundred_servers_are_even_to_one_slot() {
        HashRouter router = HashRouters.capped(ClaimTableTest.equal(100), 128, 0);

        assertThat(ClaimTableTest.peak(router) * SLOTS / 100).isLessThanOrEqualTo(SLOTS / 100 + 1);
    }

    @Test
    void with_room_for_all_it_is_the_claim_table() {
        List<Member> members = ClaimTableTest.equal(30);
        HashRouter roomy = HashRouters.capped(members, 128, 1);
        HashRouter claims = HashRouters.claimTable(members);
        for (long slot = 0; slot < SLOTS; slot++) {
            assertThat(roomy.owner(slot << 48)).isEqualTo(claims.owner(slot << 48));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.0001, 0.00001, Double.NaN, Double.POSITIVE_INFINITY})
    void an_epsilon_that_does_not_fit_is_refused(double epsilon) {
        assertThatThrownBy(() -> HashRouters.capped(List.of(), 128, epsilon))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("epsilon " + epsilon);
    }

    @Test
    void the_name_contains_slots_and_epsilon() {
        assertThat(HashRouters.capped(List.of(), 128, 0.05).name())
                .isEqualTo("capped table(slots=65536, epsilon=0.05)");
        assertThat(HashRouters.capped(List.of(), 300, 0).name()).isEqualTo("capped table(slots=524288, epsilon=0)");
    }

    private static double moved(HashRouter before, HashRouter after) {
        return before.movesTo(after).stream().mapToDouble(Plan.Move::share).sum();
    }
}
