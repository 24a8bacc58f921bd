package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Server;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Tests that the suite rejects wrong routers, each by the law that it breaks. */
class HashRouterContractTest {
    private static final List<Member> MEMBERS =
            IntStream.rangeClosed(1, 8).mapToObj(i -> new Member("S" + i, 1)).toList();
    private static final List<Member> OTHERS =
            IntStream.rangeClosed(5, 12).mapToObj(i -> new Member("S" + i, 3)).toList();

    @Test
    void a_router_by_position_breaks_the_laws_of_change() {
        HashRouterContract contract = contractOf(TableRouter::byPosition);

        assertRejected(() -> contract.candidates_without_some_are_the_candidates_with_those_filtered_out(MEMBERS, 1));
        assertRejected(() -> contract.joining_only_takes_keys_and_leaving_only_gives_them(MEMBERS, 1));
    }

    @Test
    void a_router_that_depends_on_the_number_of_members_breaks_the_laws_of_change() {
        HashRouterContract contract = contractOf(TableRouter::bySize);

        assertRejected(() -> contract.candidates_without_some_are_the_candidates_with_those_filtered_out(MEMBERS, 1));
        assertRejected(() -> contract.joining_only_takes_keys_and_leaving_only_gives_them(MEMBERS, 1));
    }

    @Test
    void a_router_that_ignores_weights_is_not_proportional() {
        HashRouterContract contract = contractOf((slot, member, position, size) ->
                TableRouter.fair(slot, member, position, size) * Math.max(1, member.weight()));

        assertRejected(contract::shares_are_proportional_to_weights_in_expectation);
    }

    @Test
    void a_router_that_favours_an_id_is_not_proportional() {
        HashRouterContract contract = contractOf((slot, member, position, size) ->
                TableRouter.fair(slot, member, position, size) * (member.id().startsWith("04") ? 0.5 : 1));

        assertRejected(contract::shares_are_proportional_to_weights_in_expectation);
    }

    @Test
    void a_table_that_claims_at_multiples_of_its_unit_gives_light_members_too_little() {
        HashRouterContract contract = contractOf(TableRouter::withoutJitter);

        assertRejected(contract::light_members_beside_a_heavy_one_get_their_share_in_expectation);
    }

    @Test
    void a_router_that_depends_on_absolute_weights_breaks_the_law_of_ratios() {
        HashRouterContract contract = contractOf((slot, member, position, size) ->
                TableRouter.fair(slot, new Member(member.id() + member.weight(), 1), position, size));

        assertRejected(() -> contract.all_weights_times_a_power_of_two_change_nothing(MEMBERS, 3, 1));
    }

    @Test
    void a_router_that_reports_wrong_shares_is_rejected() {
        HashRouterContract contract = contractOf(
                members -> new TableRouter(members, TableRouter::fair, (router, index) -> 1.0 / members.size()));

        assertRejected(() -> contract.shares_are_the_owners_frequencies(MEMBERS, 1));
        assertRejected(() -> contract.moves_balance_the_shares(MEMBERS, OTHERS, 1));
    }

    @Test
    void a_router_that_prefers_small_weights_moves_keys_in_the_wrong_direction() {
        HashRouterContract contract = contractOf((slot, member, position, size) ->
                TableRouter.fair(slot, member, position, size) * Math.pow(Math.max(1, member.weight()), 2));

        assertRejected(() -> contract.leaving_equal_weights_moves_keys_only_to_or_from_the_changed_member(MEMBERS, 1));
        assertRejected(
                () -> contract.a_changed_weight_moves_keys_only_to_or_from_that_member(MEMBERS, Server.MAX_WEIGHT, 1));
    }

    @Test
    void a_router_that_depends_on_the_order_of_the_list_is_rejected() {
        HashRouterContract contract = contractOf(members -> {
            List<String> order = members.stream().map(Member::id).toList();
            return new TableRouter(members, (slot, member, position, size) -> order.indexOf(member.id()) + 1);
        });

        assertRejected(() -> contract.order_of_insertion_makes_no_difference(MEMBERS, 1));
    }

    @Test
    void a_correct_router_passes_all_laws() {
        HashRouterContract contract = contractOf(TableRouter::fair);

        assertThatCode(() -> {
                    contract.candidates_without_some_are_the_candidates_with_those_filtered_out(MEMBERS, 1);
                    contract.joining_only_takes_keys_and_leaving_only_gives_them(MEMBERS, 1);
                    contract.shares_are_proportional_to_weights_in_expectation();
                    contract.light_members_beside_a_heavy_one_get_their_share_in_expectation();
                    contract.all_weights_times_a_power_of_two_change_nothing(MEMBERS, 3, 1);
                    contract.shares_are_the_owners_frequencies(MEMBERS, 1);
                    contract.moves_are_the_frequencies_of_changes(MEMBERS, OTHERS, 1);
                    contract.moves_balance_the_shares(MEMBERS, OTHERS, 1);
                    contract.leaving_equal_weights_moves_keys_only_to_or_from_the_changed_member(MEMBERS, 1);
                    contract.order_of_insertion_makes_no_difference(MEMBERS, 1);
                })
                .doesNotThrowAnyException();
    }

    private static void assertRejected(ThrowingCallable law) {
        assertThatThrownBy(law).isInstanceOf(AssertionError.class);
    }

    private static HashRouterContract contractOf(TableRouter.Scoring scoring) {
        return contractOf((Maker) members -> new TableRouter(members, scoring));
    }

    private interface Maker {
        HashRouter router(List<Member> members);
    }

    private static HashRouterContract contractOf(Maker maker) {
        return new HashRouterContract() {
            @Override
            protected HashRouter router(List<Member> members) {
                return maker.router(members);
            }

            @Override
            protected long goldenChecksum() {
                return 0;
            }
        };
    }
}
