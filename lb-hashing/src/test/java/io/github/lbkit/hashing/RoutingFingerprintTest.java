package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.policy.HashPolicy;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/**
 * Laws of {@link LoadBalancer#routingFingerprint} over every policy that routes by key: a change that moves a key
 * changes the fingerprint, and no other change does. A configuration is compared with itself after one change.
 */
class RoutingFingerprintTest {
    private static final int KEYS = 300;
    private static final byte[][] SECRETS = {{1, 2, 3}, {3, 2, 1}};

    /** The policies, each with two settings. */
    private static final Map<String, IntFunction<Policy>> POLICIES = Map.ofEntries(
            named("hash", Map.of(), Map.of("max-servers", "200")),
            named("rendezvous", Map.of(), Map.of()),
            named("capped", Map.of("epsilon", "0"), Map.of("epsilon", "0.5")),
            named("ring", Map.of(), Map.of("points-per-weight", "40")),
            named("ketama", Map.of("client", "libmemcached"), Map.of("client", "libmemcached-weighted")),
            named("envoy-ring", Map.of(), Map.of("hash-function", "murmur-hash-2")),
            named("maglev", Map.of(), Map.of("max-servers", "700")),
            named("envoy-maglev", Map.of("table-size", "65537"), Map.of("table-size", "101")),
            named("jump", Map.of(), Map.of()),
            named("assignment", Map.of(), Map.of("first-j", "1")),
            hashed("seeded", RoutingFingerprintTest::seeded),
            hashed("sip", setting -> KeyHashes.of(Hashing.sipHash24(setting, 7))),
            hashed("hmac", setting -> KeyHashes.of(Hashing.hmacSha256(SECRETS[setting]))),
            hashed("one-name", setting -> KeyHashes.of("mine", Hashing.murmur3_128(setting))));

    /** A change of a configuration. */
    private enum Change {
        SETTING,
        ANOTHER_POLICY,
        NUMBERS,
        WEIGHT,
        JOIN,
        LEAVE,
        DRAIN,
        OTHER_LABEL,
        STATE,
        INSTANCE,
        HISTORY;

        boolean mayMoveKeys() {
            return compareTo(OTHER_LABEL) < 0;
        }
    }

    private record Configuration(String policy, int setting, List<Server> servers) {
        Policy made() {
            return Objects.requireNonNull(POLICIES.get(policy)).apply(setting);
        }
    }

    @Property(tries = 400)
    void a_change_that_moves_a_key_changes_the_fingerprint_and_no_other_does(
            @ForAll("configurations") Configuration before, @ForAll Change change, @ForAll long seed) {
        Configuration after = changed(before, change, new Random(seed));
        try (Balanced one = new Balanced(before);
                Balanced other = new Balanced(after)) {
            if (change == Change.HISTORY) {
                other.publish(List.of());
                other.publish(before.servers().subList(0, 1));
                other.publish(after.servers());
            }

            if (!one.owners().equals(other.owners())) {
                assertThat(other.fingerprint()).as("after %s", change).isNotEqualTo(one.fingerprint());
                assertThat(change.mayMoveKeys()).isTrue();
            } else if (!change.mayMoveKeys()) {
                assertThat(other.fingerprint()).as("after %s", change).isEqualTo(one.fingerprint());
            }
        }
    }

    @Property(tries = 200)
    void a_table_is_made_anew_only_for_what_the_policy_reads(
            @ForAll("configurations") Configuration before, @ForAll Change change, @ForAll long seed) {
        List<Server> after = changed(before, change, new Random(seed)).servers();
        try (Balanced one = new Balanced(before)) {
            List<String> owners = one.owners();
            int tables = one.tables;

            one.publish(after);

            if (!change.mayMoveKeys()) {
                assertThat(one.tables).as("tables after %s", change).isEqualTo(tables);
            }
            if (!one.owners().equals(owners)) {
                assertThat(one.tables).as("tables after %s", change).isEqualTo(tables + 1);
            }
        }
    }

    @Test
    void a_balancer_that_keeps_its_table_since_the_policy_refused_the_members_keeps_its_fingerprint() {
        Policy policy = Policies.named("assignment", Map.of());
        Configuration three = new Configuration("assignment", 0, List.of(server(1), server(2), server(3)));
        List<Server> tooMany = IntStream.rangeClosed(1, 57)
                .mapToObj(RoutingFingerprintTest::server)
                .toList();
        try (Balanced balanced = new Balanced(three)) {
            long fingerprint = balanced.fingerprint();
            List<String> owners = balanced.owners();

            balanced.publish(tooMany);

            assertThat(balanced.owners()).isEqualTo(owners);
            assertThat(balanced.fingerprint()).isEqualTo(fingerprint);
        }
        assertThat(policy.name()).isEqualTo("assignment");
    }

    @Provide
    Arbitrary<Configuration> configurations() {
        Arbitrary<List<Server>> servers = Arbitraries.integers()
                .between(1, 12)
                .set()
                .ofMinSize(1)
                .ofMaxSize(8)
                .flatMap(numbers -> Arbitraries.of(true, false)
                        .flatMap(labelled -> Arbitraries.integers()
                                .between(1, 3)
                                .list()
                                .ofSize(numbers.size())
                                .map(weights -> servers(List.copyOf(numbers), weights, labelled))));
        return Combinators.combine(
                        Arbitraries.of(POLICIES.keySet()),
                        Arbitraries.integers().between(0, 1),
                        servers)
                .as(Configuration::new);
    }

    private static List<Server> servers(List<Integer> numbers, List<Integer> weights, boolean labelled) {
        return IntStream.range(0, numbers.size())
                .mapToObj(i -> server(numbers.get(i))
                        .withWeight(weights.get(i))
                        .withLabels(labelled ? Map.of(HashRouters.NUMBER_LABEL, "" + numbers.get(i)) : Map.of()))
                .toList();
    }

    private static Server server(int number) {
        return Server.ready("S" + number, new Instance("i" + number, Address.of("127.0.0.1", 5_000 + number), 1));
    }

    private static Configuration changed(Configuration before, Change change, Random random) {
        List<Server> servers = new ArrayList<>(before.servers());
        int at = random.nextInt(servers.size());
        Server server = servers.get(at);
        switch (change) {
            case SETTING -> {
                return new Configuration(before.policy(), 1 - before.setting(), servers);
            }
            case ANOTHER_POLICY -> {
                List<String> all = POLICIES.keySet().stream().sorted().toList();
                return new Configuration(all.get(random.nextInt(all.size())), before.setting(), servers);
            }
            case NUMBERS -> {
                List<Integer> numbers = new ArrayList<>(
                        IntStream.rangeClosed(1, servers.size()).boxed().toList());
                Collections.shuffle(numbers, random);
                servers.replaceAll(s -> labelled(s, HashRouters.NUMBER_LABEL, "" + numbers.remove(0)));
            }
            case WEIGHT -> servers.set(at, server.withWeight(server.weight() + 1));
            case JOIN -> servers.add(labelled(server(13), HashRouters.NUMBER_LABEL, "13"));
            case LEAVE -> servers.remove(at);
            case DRAIN -> servers.set(at, server.withState(Server.State.DRAINING));
            case OTHER_LABEL -> servers.set(at, labelled(server, "zone", "z" + random.nextInt()));
            case STATE -> servers.set(at, server.withoutInstance(Server.State.DOWN));
            case INSTANCE ->
                servers.set(
                        at,
                        server.withInstance(
                                Server.State.READY, new Instance("other", Address.of("127.0.0.2", 80), 99)));
            case HISTORY -> Collections.shuffle(servers, random);
        }
        return new Configuration(before.policy(), before.setting(), servers);
    }

    private static Server labelled(Server server, String label, String value) {
        Map<String, String> labels = new HashMap<>(server.labels());
        labels.put(label, value);
        return server.withLabels(labels);
    }

    private static Map.Entry<String, IntFunction<Policy>> named(
            String policy, Map<String, String> options, Map<String, String> others) {
        return Map.entry(policy, setting -> Policies.named(policy, setting == 0 ? options : others));
    }

    private static Map.Entry<String, IntFunction<Policy>> hashed(String name, IntFunction<KeyHash> keyHash) {
        return Map.entry(name, setting -> new HashPolicy(name, HashRouters::rendezvous, keyHash.apply(setting)));
    }

    private static KeyHash seeded(int seed) {
        return key -> KeyHashes.xxh3().hash(seed + "/" + key);
    }

    /** A balancer that counts its tables, over a pool with scripted servers. */
    private static final class Balanced implements AutoCloseable {
        private final ScriptedPool pool = new ScriptedPool("scripted");
        private final LoadBalancer balancer;
        int tables;

        Balanced(Configuration configuration) {
            balancer = LoadBalancer.builder(pool, configuration.made())
                    .runtimes(new ManualScheduler().asRuntimes())
                    .listener(new LoadBalancerListener() {
                        @Override
                        public void membershipChanged(Membership before, Membership after, boolean newTable) {
                            tables += newTable ? 1 : 0;
                        }
                    })
                    .build();
            publish(configuration.servers());
        }

        void publish(List<Server> servers) {
            pool.publish(servers.toArray(new Server[0]));
        }

        long fingerprint() {
            return balancer.routingFingerprint();
        }

        /** Returns the first candidates of some keys. */
        List<String> owners() {
            List<String> owners = new ArrayList<>();
            for (int key = 0; key < KEYS; key++) {
                var candidates = balancer.explain(Key.of("user:" + key)).candidates();
                owners.add(candidates.isEmpty() ? "" : candidates.get(0).id());
            }
            return owners;
        }

        @Override
        public void close() {
            balancer.close();
        }
    }
}
