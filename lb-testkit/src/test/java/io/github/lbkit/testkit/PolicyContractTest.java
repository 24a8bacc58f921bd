package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Tests that the suite rejects wrong pickers. */
class PolicyContractTest {
    private static final List<Member> MEMBERS = List.of(new Member("a", 1), new Member("b", 0), new Member("c", 5));

    @Test
    void a_picker_that_repeats_a_candidate_is_rejected() {
        assertRejected(members -> (key, cursor, load) -> 0);
    }

    @Test
    void a_picker_that_returns_a_member_of_weight_0_is_rejected() {
        assertRejected(members -> (key, cursor, load) -> {
            int next = cursor.taken();
            return next < members.size() && cursor.visit(next) ? next : -1;
        });
    }

    @Test
    void a_picker_that_ends_too_early_is_rejected() {
        assertRejected(members -> (key, cursor, load) -> cursor.visit(2) ? 2 : -1);
    }

    private static void assertRejected(Function<List<Member>, Picker> pickers) {
        PolicyContract contract = new PolicyContract() {
            @Override
            protected Policy policy() {
                return new Policy() {
                    @Override
                    public String name() {
                        return "wrong";
                    }

                    @Override
                    public Picker picker(List<Member> members) {
                        return pickers.apply(members);
                    }
                };
            }
        };

        assertThatThrownBy(() -> contract.a_picker_returns_each_candidate_once_and_then_none(MEMBERS, 1))
                .isInstanceOf(AssertionError.class);
    }
}
