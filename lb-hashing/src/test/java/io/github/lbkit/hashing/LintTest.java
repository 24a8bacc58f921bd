package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LintTest {
    private static final List<Member> THREE = List.of(new Member("S1", 1), new Member("S2", 1), new Member("S3", 1));

    @Test
    void the_assignment_reaches_few_slots_and_gives_one_server_most() {
        LintReport report = Lint.of(HashRouters.assignment(THREE));

        assertThat(report.slots()).hasValue(512);
        assertThat(report.reachableSlots()).hasValue(87);
        assertThat(report.text())
                .contains("87 of 512 slots are reachable")
                .contains("S1: share 84.37 %, fair share 33.33 %")
                .contains("S2: share 4.69 %")
                .contains("S3: share 10.94 %");
        assertThat(report.warnings())
                .contains("H maps keys to only 87 of 512 slots")
                .contains("server S1 has a share of 84.37 %, 2.53 times its fair share of 33.33 %")
                .anySatisfy(why -> assertThat(why).contains("(i + 1)² + 16").contains("squares"));
    }

    @Test
    void a_claim_table_gives_no_warnings() {
        LintReport report = Lint.of(HashRouters.claimTable(THREE));

        assertThat(report.warnings()).isEmpty();
        assertThat(report.reachableSlots()).hasValue(1 << 16);
        assertThat(report.shares())
                .hasSize(3)
                .allSatisfy(share -> assertThat(share.ratio()).isBetween(0.95, 1.05));
    }

    @Test
    void a_ring_with_few_points_gives_warnings() {
        LintReport report = Lint.of(HashRouters.ring(ClaimTableTest.equal(20), 2));

        assertThat(report.slots()).isEmpty();
        assertThat(report.warnings())
                .isNotEmpty()
                .allSatisfy(warning -> assertThat(warning).startsWith("server S"));
    }

    @Test
    void weights_determine_the_fair_share() {
        HashRouter router = HashRouters.rendezvous(List.of(new Member("a", 1), new Member("b", 3), new Member("c", 0)));

        LintReport report = Lint.of(router);

        assertThat(report.warnings()).isEmpty();
        assertThat(report.shares().get(1).fair()).isCloseTo(0.75, within(1e-15));
        assertThat(report.shares().get(2).ratio()).isEqualTo(1);
        assertThat(Lint.of(HashRouters.rendezvous(List.of())).shares()).isEmpty();
    }

    @Test
    void a_custom_function_is_checked_with_keys() {
        LintReport squares = Lint.of("squares", key -> key * key % 512, 512);
        LintReport even = Lint.of("modulo", key -> key % 512, 512);

        assertThat(squares.reachableSlots()).hasValue(87);
        assertThat(squares.collisionRatio().orElse(0)).isGreaterThan(8);
        assertThat(squares.warnings())
                .contains("squares maps keys to only 87 of 512 slots")
                .anySatisfy(w -> assertThat(w).contains("two keys collide"))
                .anySatisfy(w -> assertThat(w).startsWith("slot 64 alone receives 6.25 %"));
        assertThat(even.warnings()).isEmpty();
        assertThat(even.collisionRatio().orElse(0)).isCloseTo(1, within(1e-12));
    }

    @Test
    void servers_on_the_slots_of_a_custom_function_get_the_keys_before_them() {
        Map<String, int[]> slotsByServer = new LinkedHashMap<>();
        slotsByServer.put("most", new int[] {90});
        slotsByServer.put("rest", new int[] {99, 90});

        LintReport report = Lint.of("modulo", key -> key % 100, 100, slotsByServer);

        assertThat(report.shares().get(0).actual()).isCloseTo(0.91, within(1e-12));
        assertThat(report.shares().get(1).actual()).isCloseTo(0.09, within(1e-12));
        assertThat(report.warnings())
                .containsExactly(
                        "server most has a share of 91.00 %, 1.82 times its fair share of 50.00 %",
                        "server rest has a share of 9.00 %, 0.18 times its fair share of 50.00 %");
    }

    @Test
    void slots_after_the_last_server_belong_to_the_first() {
        Map<String, int[]> slotsByServer = new LinkedHashMap<>();
        slotsByServer.put("first", new int[] {10});
        slotsByServer.put("second", new int[] {60});

        LintReport report = Lint.of("modulo", key -> key % 100, 100, slotsByServer);

        assertThat(report.shares().get(0).actual()).isCloseTo(0.50, within(1e-12));
    }

    @Test
    void slots_that_do_not_exist_are_reported() {
        LintReport report = Lint.of("careless", key -> key % 10 == 3 ? -1 : key % 10, 10);

        assertThat(report.warnings())
                .contains("careless maps 16 of 160 keys outside slots 0 to 9: key 3 maps to -1")
                .contains("careless maps keys to only 9 of 10 slots");
        assertThatThrownBy(() -> Lint.of("none", key -> 0, 0)).hasMessageContaining("slots 0");
        assertThatThrownBy(() -> Lint.of("off", key -> 0, 10, Map.of("a", new int[] {10})))
                .hasMessageContaining("'a'")
                .hasMessageContaining("slot 10");
    }
}
