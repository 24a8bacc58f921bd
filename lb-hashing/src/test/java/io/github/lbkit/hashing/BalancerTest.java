package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.explain.Explanation;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.ManualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests of hash policies in a balancer. */
class BalancerTest {
    @Test
    void a_plan_has_the_share_of_keys_that_a_new_server_takes() {
        try (LoadBalancer balancer = balancer("rendezvous", 3)) {
            Plan plan = balancer.plan(new MembershipChange(List.of(new Member("S4", 1)), Set.of()));

            assertThat(plan.movedShare()).isCloseTo(0.25, within(1e-15));
            assertThat(plan.moves()).hasSize(3).allSatisfy(move -> {
                assertThat(move.to()).isEqualTo("S4");
                assertThat(move.share()).isCloseTo(1 / 12.0, within(1e-15));
            });
            assertThat(plan.after()).containsEntry("S4", 0.25);
        }
    }

    @Test
    void a_plan_of_a_claim_table_counts_its_slots() {
        try (LoadBalancer balancer = balancer("hash", 3)) {
            Plan plan = balancer.plan(new MembershipChange(List.of(new Member("S4", 1)), Set.of()));

            assertThat(plan.movedShare())
                    .isBetween(0.24, 0.26)
                    .isEqualTo(plan.after().get("S4"));
            assertThat(plan.moves())
                    .hasSize(3)
                    .allSatisfy(move -> assertThat(move.to()).isEqualTo("S4"));
        }
    }

    @Test
    void owners_for_charts_agree_with_the_shares_and_with_the_plan() {
        for (String policy : List.of("hash", "rendezvous", "ring", "maglev", "assignment", "jump")) {
            try (LoadBalancer balancer = balancer(policy, 3)) {
                MembershipChange none = new MembershipChange(List.of(), Set.of());
                MembershipChange joining = new MembershipChange(List.of(new Member("S4", 1)), Set.of());
                List<String> before = balancer.owners(none, 1 << 14);
                List<String> after = balancer.owners(joining, 1 << 14);

                balancer.shares()
                        .forEach((id, share) -> assertThat(part(before, id))
                                .as(policy + " " + id)
                                .isCloseTo(share, within(0.03)));
                Plan plan = balancer.plan(joining);
                plan.after()
                        .forEach((id, share) -> assertThat(part(after, id))
                                .as(policy + " " + id + " after")
                                .isCloseTo(share, within(0.03)));
                assertThat(balancer.owners(none, 1 << 14)).isEqualTo(before);
            }
        }
    }

    private static double part(List<String> owners, String id) {
        return owners.stream().filter(id::equals).count() / (double) owners.size();
    }

    @Test
    void a_policy_that_does_not_route_by_key_has_shares_by_weight_and_no_owners() {
        try (LoadBalancer balancer = balancer("round-robin", 4)) {
            assertThat(balancer.owners(new MembershipChange(List.of(), Set.of()), 64))
                    .isEmpty();
            assertThat(balancer.shares()).hasSize(4).containsEntry("S1", 0.25);
            assertThatThrownBy(() -> balancer.owners(new MembershipChange(List.of(), Set.of()), 0))
                    .hasMessageContaining("hashes 0");
        }
    }

    @Test
    void a_plan_that_does_not_fit_the_map_is_refused() {
        try (LoadBalancer balancer = balancer("assignment", 3)) {
            List<Member> tooMany = IntStream.rangeClosed(4, 57)
                    .mapToObj(i -> new Member("S" + i, 1))
                    .toList();

            assertThatThrownBy(() -> balancer.plan(new MembershipChange(tooMany, Set.of())))
                    .isInstanceOf(RingFullException.class);
        }
    }

    @Test
    void an_explanation_names_number_slot_and_candidates() {
        try (LoadBalancer balancer = balancer("assignment", 3)) {
            Explanation explanation = balancer.explain(Key.of("1"));

            assertThat(explanation.keyHash()).hasValue(1);
            assertThat(explanation.position())
                    .startsWith("slot 20, clockwise to slot 26: virtual server 0 of server 1");
            assertThat(explanation.candidates()).hasSize(3);
            assertThat(explanation.chosen()).contains("S1");
        }
    }

    @Test
    void a_key_returns_to_its_server_and_meanwhile_always_finds_the_same_other() {
        try (LoadBalancer balancer = balancer("rendezvous", 5)) {
            Key key = Key.of("user:17");
            String owner = served(balancer, key);

            balancer.override(owner, OperatorOverride.DOWN);
            Set<String> meanwhile = Set.of(served(balancer, key));
            List<String> again =
                    IntStream.range(0, 20).mapToObj(i -> served(balancer, key)).toList();
            balancer.override(owner, OperatorOverride.NONE);

            assertThat(meanwhile).doesNotContain(owner).containsAll(again);
            assertThat(served(balancer, key)).isEqualTo(owner);
        }
    }

    @Test
    void balancers_that_see_the_same_have_one_fingerprint_and_another_policy_has_another() {
        try (LoadBalancer one = balancer("rendezvous", 5);
                LoadBalancer same = balancer("rendezvous", 5);
                LoadBalancer other = balancer("assignment", 5)) {
            assertThat(one.routingFingerprint()).isEqualTo(same.routingFingerprint());
            assertThat(one.routingFingerprint()).isNotEqualTo(other.routingFingerprint());
        }
    }

    private static String served(LoadBalancer balancer, Key key) {
        Attempt attempt = (Attempt) balancer.call(key).next();
        attempt.succeeded();
        return attempt.server().id();
    }

    private static LoadBalancer balancer(String policy, int servers) {
        List<Server> ready = new ArrayList<>();
        for (int i = 1; i <= servers; i++) {
            ready.add(Server.ready("S" + i, new Instance("i" + i, Address.of("127.0.0.1", 5_000 + i), i)));
        }
        return LoadBalancer.builder(new Unchanging(Membership.of(1, ready)), Policies.named(policy, Map.of()))
                .runtimes(new ManualScheduler().asRuntimes())
                .build();
    }

    private record Unchanging(Membership membership) implements ServerPool {
        @Override
        public String name() {
            return "unchanging";
        }

        @Override
        public CompletionStage<Membership> ready() {
            return CompletableFuture.completedStage(membership);
        }

        @Override
        public Subscription subscribe(PoolListener listener) {
            return () -> {};
        }

        @Override
        public void close() {}
    }
}
