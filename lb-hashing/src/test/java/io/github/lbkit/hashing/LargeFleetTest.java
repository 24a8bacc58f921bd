package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.policy.Policies;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargeFleetTest {
    private static final int MOST = 65_534;

    private static final List<Member> MEMBERS = IntStream.range(0, MOST)
            .mapToObj(i -> new Member(
                    "10.1." + (i >> 8) + "." + (i & 255) + ":80", 1, Map.of(HashRouters.NUMBER_LABEL, "" + i)))
            .toList();

    private static final List<Member> HEAVY =
            MEMBERS.stream().map(member -> new Member(member.id(), 1_000_000)).toList();

    /** The default options, whose tables are sized for far fewer servers. */
    @ParameterizedTest
    @ValueSource(
            strings = {"hash", "rendezvous", "capped", "ring", "ketama", "envoy-ring", "maglev", "envoy-maglev", "jump"
            })
    void no_policy_refuses_65534_servers(String policy) {
        assertServes(policy, MEMBERS);
    }

    /**
     * The number of points of a ring grows with weights; the size of other routers does not, or an option limits it.
     */
    @Test
    void a_ring_does_not_refuse_65534_servers_of_the_greatest_weight() {
        assertServes("ring", HEAVY);
    }

    private static void assertServes(String policy, List<Member> members) {
        HashRouter router =
                Policies.named(policy, Map.of()).picker(members).router().orElseThrow();
        SplittableRandom random = new SplittableRandom(1);

        for (int i = 0; i < 50; i++) {
            long key = random.nextLong();
            Cursor cursor = new Cursor(() -> 0);
            int owner = router.owner(key);
            assertThat(owner).isBetween(0, MOST - 1);
            assertThat(router.next(key, cursor)).isEqualTo(owner);
            assertThat(router.next(key, cursor)).isBetween(0, MOST - 1).isNotEqualTo(owner);
        }
        assertThat(IntStream.range(0, MOST).mapToDouble(router::share).sum()).isBetween(1 - 1e-9, 1 + 1e-9);
    }
}
