package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.hash.Hashing;
import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.Explanation;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.api.policy.HashPolicy;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.hashing.internal.policy.HashingPolicyProvider;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.MemberLists;
import io.github.lbkit.testkit.ScriptedPool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Laws of {@link ConsistentHash}, which is the routing of a balancer without the balancer: they compare both for every
 * router.
 */
class ConsistentHashTest {
    private static final int KEYS = 50;

    /** The routers, by the name of the policy. */
    private static final Map<String, Function<List<Member>, HashRouter>> ROUTERS = Map.ofEntries(
            Map.entry("hash", HashRouters::claimTable),
            Map.entry("rendezvous", HashRouters::rendezvous),
            Map.entry("capped", members -> HashRouters.capped(members, HashRouters.DEFAULT_MAX_SERVERS, 0.05)),
            Map.entry("ring", members -> HashRouters.ring(members, HashRouters.DEFAULT_POINTS_PER_WEIGHT)),
            Map.entry("ketama", HashRouters::ketama),
            Map.entry("envoy-ring", members -> HashRouters.envoyRing(members, EnvoyRingOptions.DEFAULTS)),
            Map.entry("maglev", members -> HashRouters.maglev(members, HashRouters.DEFAULT_MAX_SERVERS)),
            Map.entry("envoy-maglev", members -> HashRouters.envoyMaglev(members, HashRouters.ENVOY_TABLE_SIZE)),
            Map.entry("jump", HashRouters::jump),
            Map.entry("assignment", HashRouters::assignment));

    @Test
    void every_policy_of_this_module_is_compared() {
        assertThat(ROUTERS.keySet())
                .isEqualTo(new HashingPolicyProvider().names().keySet());
    }

    @Property(tries = 150)
    void owners_shares_and_fingerprint_are_those_of_a_balancer(
            @ForAll("policies") String policy, @ForAll("members") List<Member> members, @ForAll long seed) {
        ConsistentHash hash = ConsistentHash.of(router(policy, members));
        Random random = new Random(seed);
        try (LoadBalancer balancer = balancer(Policies.named(policy, Map.of()), members)) {
            for (int i = 0; i < KEYS; i++) {
                String text = "user:" + random.nextInt();
                long number = random.nextLong();

                assertOwners(
                        balancer,
                        Key.of(text),
                        hash.owner(text).orElse(""),
                        hash.owners(text, 3),
                        hash.owners(text, 99));
                assertOwners(
                        balancer,
                        Key.of(number),
                        hash.owner(number).orElse(""),
                        hash.owners(number, 3),
                        hash.owners(number, 99));
                byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
                assertThat(hash.owner(bytes)).isEqualTo(hash.owner(text));
                assertThat(hash.owners(bytes, 2)).isEqualTo(hash.owners(text, 2));
            }
            assertThat(hash.shares()).isEqualTo(balancer.shares());
            assertThat(hash.fingerprint()).isEqualTo(balancer.routingFingerprint());
        }
    }

    private static void assertOwners(
            LoadBalancer balancer, Key key, String owner, List<String> three, List<String> all) {
        List<String> candidates = balancer.explain(key).candidates().stream()
                .map(Explanation.Candidate::id)
                .filter(id -> balancer.membership().server(id).orElseThrow().weight() > 0)
                .toList();
        assertThat(all).isEqualTo(candidates).doesNotHaveDuplicates();
        assertThat(three).isEqualTo(candidates.subList(0, Math.min(3, candidates.size())));
        assertThat(owner).isEqualTo(candidates.isEmpty() ? "" : candidates.get(0));
        if (balancer.call(key).next() instanceof Attempt attempt) {
            attempt.succeeded();
            assertThat(attempt.server().id()).isEqualTo(owner);
        } else {
            assertThat(owner).isEmpty();
        }
    }

    @Property(tries = 100)
    void a_changed_assignment_equals_a_new_one_and_its_plan_is_that_of_a_balancer(
            @ForAll("policies") String policy,
            @ForAll("members") List<Member> members,
            @ForAll("members") List<Member> others,
            @ForAll long seed) {
        Random random = new Random(seed);
        ConsistentHash before = ConsistentHash.of(router(policy, members));
        List<Member> put = others.stream().filter(m -> random.nextBoolean()).toList();
        Set<String> removed = Set.copyOf(members.stream()
                .map(Member::id)
                .filter(id -> random.nextInt(3) == 0 && put.stream().noneMatch(m -> m.id().equals(id)))
                .toList());
        MembershipChange change = new MembershipChange(put, removed);

        ConsistentHash after = before;
        for (String id : removed) {
            after = after.without(id);
        }
        for (Member member : put) {
            after = after.with(member.id(), member.weight());
        }
        ConsistentHash made = ConsistentHash.of(router(policy, change.applyTo(members)));

        assertThat(after.members()).isEqualTo(made.members());
        assertThat(after.fingerprint()).isEqualTo(made.fingerprint());
        assertThat(after.shares()).isEqualTo(made.shares());
        for (int i = 0; i < KEYS; i++) {
            long key = random.nextLong();
            assertThat(after.owners(key, 5)).isEqualTo(made.owners(key, 5));
        }
        try (LoadBalancer balancer = balancer(Policies.named(policy, Map.of()), members)) {
            Plan plan = balancer.plan(change);
            assertThat(before.plan(change)).isEqualTo(plan);
            assertThat(before.plan(after)).isEqualTo(plan);
        }
    }

    @Provide
    Arbitrary<String> policies() {
        return Arbitraries.of(ROUTERS.keySet());
    }

    @Provide
    Arbitrary<List<Member>> members() {
        return MemberLists.lists(MemberLists.numberedIds(), 1, 12)
                .map(members -> members.stream()
                        .map(m -> new Member(m.id(), Math.min(m.weight(), 300))) // a ring has points by weight
                        .toList());
    }

    private static HashRouter router(String policy, List<Member> members) {
        return Objects.requireNonNull(ROUTERS.get(policy)).apply(members);
    }

    private static LoadBalancer balancer(Policy policy, List<Member> members) {
        ScriptedPool pool = new ScriptedPool("scripted");
        LoadBalancer balancer = LoadBalancer.builder(pool, policy)
                .runtimes(new ManualScheduler().asRuntimes())
                .build();
        List<Server> servers = new ArrayList<>();
        for (Member member : members) {
            Instance instance = new Instance("i " + member.id(), Address.of("127.0.0.1", 5_000 + servers.size()), 1);
            servers.add(Server.ready(member.id(), instance)
                    .withWeight(member.weight())
                    .withLabels(member.labels()));
        }
        pool.publish(servers.toArray(new Server[0]));
        return balancer;
    }

    @Test
    void a_custom_key_hash_is_used_by_both() {
        KeyHash sip = KeyHashes.of(Hashing.sipHash24(1, 2));
        List<Member> members = List.of(new Member("a", 1), new Member("b", 2), new Member("c", 0));
        ConsistentHash hash = ConsistentHash.of(HashRouters.rendezvous(members), sip);

        try (LoadBalancer balancer = balancer(new HashPolicy("sip", HashRouters::rendezvous, sip), members)) {
            assertThat(hash.fingerprint()).isEqualTo(balancer.routingFingerprint());
            assertThat(hash.fingerprint())
                    .isNotEqualTo(
                            ConsistentHash.of(HashRouters.rendezvous(members)).fingerprint());
            assertThat(hash.owners("x", 9))
                    .isEqualTo(balancer.explain(Key.of("x")).candidates().stream()
                            .map(Explanation.Candidate::id)
                            .limit(2)
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hash", "rendezvous", "ring", "ketama", "jump", "assignment"})
    void without_a_weighted_member_no_key_has_an_owner(String policy) {
        ConsistentHash nobody = ConsistentHash.of(router(policy, List.of()));
        ConsistentHash idle = nobody.with("S1", 0);

        for (ConsistentHash hash : List.of(nobody, idle)) {
            assertThat(hash.owner("key")).isEmpty();
            assertThat(hash.owner(7)).isEmpty();
            assertThat(hash.owners("key", 2)).isEmpty();
        }
        assertThat(nobody.plan(nobody.with("S1", 3)).movedShare()).isEqualTo(1);
        assertThat(idle.with("S1", 3).owner("key")).contains("S1");
    }

    @Test
    void a_member_that_joins_takes_its_share_and_no_change_returns_the_same_object() {
        ConsistentHash three = ConsistentHash.of(HashRouters.rendezvous(List.of()))
                .with("S1", 1)
                .with("S2", 1)
                .with("S3", 1);

        Plan plan = three.plan(three.with("S4", 1));

        assertThat(plan.movedShare()).isCloseTo(0.25, within(1e-12));
        assertThat(plan.moves()).allSatisfy(move -> assertThat(move.to()).isEqualTo("S4"));
        assertThat(three.without("S9")).isSameAs(three);
        assertThat(three.with("S2", 1)).isSameAs(three);
        assertThat(three.members()).hasSize(3);
    }

    @Test
    void a_weight_keeps_the_labels_that_number_a_shard() {
        ConsistentHash shards = ConsistentHash.of(HashRouters.jump(List.of()))
                .with(new Member("a", 1, Map.of(HashRouters.NUMBER_LABEL, "2")))
                .with(new Member("b", 1, Map.of(HashRouters.NUMBER_LABEL, "1")));

        assertThat(shards.with("a", 5).plan(shards).moves()).isEmpty();
        assertThatThrownBy(() -> shards.with("c", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'c'")
                .hasMessageContaining(HashRouters.NUMBER_LABEL);
    }

    @Test
    void moves_to_another_key_hash_or_another_router_cannot_be_computed() {
        List<Member> members = List.of(new Member("a", 1), new Member("b", 1));
        ConsistentHash hash = ConsistentHash.of(HashRouters.rendezvous(members));

        assertThatThrownBy(() -> hash.plan(ConsistentHash.of(hash.router(), KeyHashes.xxHash64())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'xxh3'")
                .hasMessageContaining("'xxhash64'");
        assertThatThrownBy(() -> hash.plan(ConsistentHash.of(HashRouters.claimTable(members))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rendezvous")
                .hasMessageContaining("claim table");
    }

    @Test
    void a_count_below_1_is_refused() {
        ConsistentHash hash = ConsistentHash.of(HashRouters.rendezvous(List.of()));

        for (int count : Arrays.asList(0, -1)) {
            assertThatThrownBy(() -> hash.owners("key", count))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("count " + count);
        }
    }
}
