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

/** The suite fails routers that are wrong, each by the law that it breaks. */
class HashRouterContractTest {
    private static final List<Member> MEMBERS =
            IntStream.rangeClosed(1, 8).mapToObj(i -> new Member("S" + i, 1)).toList();
    private static final List<Member> OTHERS =
            IntStream.rangeClosed(5, 12).mapToObj(i -> new Member("S" + i, 3)).toList();

    @Test
    void a_router_by_position_breaks_the_laws_of_change() {
        HashRouterContract contract = contractOf(TableRouter::byPosition);

        assertRefused(() -> contract.candidates_without_some_are_the_candidates_with_those_filtered_out(MEMBERS, 1));
        assertRefused(() -> contract.joining_only_takes_keys_and_leaving_only_gives_them(MEMBERS, 1));
    }

    @Test
    void a_router_that_depends_on_the_number_of_members_breaks_the_laws_of_change() {
        HashRouterContract contract = contractOf(TableRouter::bySize);

        assertRefused(() -> contract.candidates_without_some_are_the_candidates_with_those_filtered_out(MEMBERS, 1));
        assertRefused(() -> contract.joining_only_takes_keys_and_leaving_only_gives_them(MEMBERS, 1));
    }

    @Test
    void a_router_that_forgets_weights_is_not_proportional() {
        HashRouterContract contract = contractOf((slot, member, position, size) ->
                TableRouter.fair(slot, member, position, size) * Math.max(1, member.weight()));

        assertRefused(contract::shares_are_proportional_to_weights_in_expectation);
    }

    @Test
    void a_router_that_favours_an_id_is_not_proportional() {
        HashRouterContract contract = contractOf((slot, member, position, size) ->
                TableRouter.fair(slot, member, position, size) * (member.id().startsWith("04") ? 0.5 : 1));

        assertRefused(contract::shares_are_proportional_to_weights_in_expectation);
    }

    @Test
    void a_table_that_claims_at_multiples_of_its_unit_gives_light_members_too_little() {
        HashRouterContract contract = contractOf(TableRouter::withoutJitter);

        assertRefused(contract::light_members_beside_a_heavy_one_get_their_share_in_expectation);
    }

    @Test
    void a_router_of_which_weights_count_by_themselves_breaks_the_law_of_ratios() {
        HashRouterContract contract = contractOf((slot, member, position, size) ->
                TableRouter.fair(slot, new Member(member.id() + member.weight(), 1), position, size));

        assertRefused(() -> contract.all_weights_times_a_power_of_two_change_nothing(MEMBERS, 3, 1));
    }

    @Test
    void a_router_that_tells_equal_shares_but_has_others_is_found_out() {
        HashRouterContract contract = contractOf(
                members -> new TableRouter(members, TableRouter::fair, (router, index) -> 1.0 / members.size()));

        assertRefused(() -> contract.shares_are_the_owners_frequencies(MEMBERS, 1));
        assertRefused(() -> contract.moves_balance_the_shares(MEMBERS, OTHERS, 1));
    }

    @Test
    void a_router_that_prefers_small_weights_moves_keys_the_wrong_way() {
        HashRouterContract contract = contractOf((slot, member, position, size) ->
                TableRouter.fair(slot, member, position, size) * Math.pow(Math.max(1, member.weight()), 2));

        assertRefused(() -> contract.leaving_equal_weights_moves_keys_only_to_or_from_the_changed_member(MEMBERS, 1));
        assertRefused(
                () -> contract.a_changed_weight_moves_keys_only_to_or_from_that_member(MEMBERS, Server.MAX_WEIGHT, 1));
    }

    @Test
    void a_router_that_keeps_its_list_as_it_comes_is_found_out() {
        HashRouterContract contract = contractOf(members -> {
            List<String> order = members.stream().map(Member::id).toList();
            return new TableRouter(members, (slot, member, position, size) -> order.indexOf(member.id()) + 1);
        });

        assertRefused(() -> contract.order_of_insertion_makes_no_difference(MEMBERS, 1));
    }

    @Test
    void the_right_router_passes_all_of_these() {
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

    private static void assertRefused(ThrowingCallable law) {
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
