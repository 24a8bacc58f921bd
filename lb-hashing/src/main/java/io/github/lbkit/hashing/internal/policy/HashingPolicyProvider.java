package io.github.lbkit.hashing.internal.policy;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.HashPolicy;
import io.github.lbkit.api.policy.PolicyProvider;
import io.github.lbkit.hashing.AssignmentOptions;
import io.github.lbkit.hashing.AssignmentOptions.Probing;
import io.github.lbkit.hashing.EnvoyRingOptions;
import io.github.lbkit.hashing.EnvoyRingOptions.HashFunction;
import io.github.lbkit.hashing.HashRouters;
import io.github.lbkit.hashing.KetamaClient;
import io.github.lbkit.hashing.internal.router.RequiresKeyHash;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The provider of the policies that route by key. Each policy uses the {@linkplain HashRouters router} of its name; the
 * documentation of package {@code io.github.lbkit.hashing} lists the names and the options. Thread-safe.
 */
public final class HashingPolicyProvider implements PolicyProvider {
    private static final double DEFAULT_EPSILON = 0.05;
    private static final Map<String, Set<String>> NAMES = Map.of(
            "hash", Set.of("max-servers"),
            "rendezvous", Set.of(),
            "capped", Set.of("max-servers", "epsilon"),
            "ring", Set.of("points-per-weight"),
            "ketama", Set.of("client"),
            "envoy-ring", Set.of("min-ring-size", "max-ring-size", "hash-function"),
            "maglev", Set.of("max-servers"),
            "envoy-maglev", Set.of("table-size"),
            "jump", Set.of(),
            "assignment", Set.of("probing", "first-id", "first-j"));

    /** Creates the provider, for the service loader. */
    public HashingPolicyProvider() {}

    @Override
    public Map<String, Set<String>> names() {
        return NAMES;
    }

    @Override
    public Policy policy(String name, Map<String, String> options) {
        TextualOptions values = new TextualOptions(options);
        Function<List<Member>, HashRouter> routers = routers(name, values);
        KeyHash keyHash = RequiresKeyHash.keyHashOf(routers.apply(List.of()));
        return new HashPolicy(name, routers, keyHash);
    }

    private static Function<List<Member>, HashRouter> routers(String name, TextualOptions options) {
        switch (name) {
            case "hash" -> {
                int maxServers = options.number("max-servers", HashRouters.DEFAULT_MAX_SERVERS);
                return members -> HashRouters.claimTable(members, maxServers);
            }
            case "rendezvous" -> {
                return HashRouters::rendezvous;
            }
            case "capped" -> {
                int maxServers = options.number("max-servers", HashRouters.DEFAULT_MAX_SERVERS);
                double epsilon = options.decimal("epsilon", DEFAULT_EPSILON);
                return members -> HashRouters.capped(members, maxServers, epsilon);
            }
            case "ring" -> {
                double points = options.decimal("points-per-weight", HashRouters.DEFAULT_POINTS_PER_WEIGHT);
                return members -> HashRouters.ring(members, points);
            }
            case "ketama" -> {
                KetamaClient client = options.choice("client", KetamaClient.class, KetamaClient.SPYMEMCACHED);
                return members -> HashRouters.ketama(members, client);
            }
            case "envoy-ring" -> {
                EnvoyRingOptions parsed = envoyRing(options);
                return members -> HashRouters.envoyRing(members, parsed);
            }
            case "maglev" -> {
                int maxServers = options.number("max-servers", HashRouters.DEFAULT_MAX_SERVERS);
                return members -> HashRouters.maglev(members, maxServers);
            }
            case "envoy-maglev" -> {
                int tableSize = options.number("table-size", HashRouters.ENVOY_TABLE_SIZE);
                return members -> HashRouters.envoyMaglev(members, tableSize);
            }
            case "jump" -> {
                return HashRouters::jump;
            }
            case "assignment" -> {
                AssignmentOptions parsed = assignment(options);
                return members -> HashRouters.assignment(members, parsed);
            }
            default ->
                throw new IllegalArgumentException(
                        "policy '" + name + "' is not one of " + new TreeSet<>(NAMES.keySet()));
        }
    }

    private static EnvoyRingOptions envoyRing(TextualOptions options) {
        EnvoyRingOptions defaults = EnvoyRingOptions.DEFAULTS;
        return new EnvoyRingOptions(
                options.number("min-ring-size", defaults.minRingSize()),
                options.number("max-ring-size", defaults.maxRingSize()),
                options.choice("hash-function", HashFunction.class, defaults.hashFunction()));
    }

    private static AssignmentOptions assignment(TextualOptions options) {
        AssignmentOptions defaults = AssignmentOptions.DEFAULTS;
        return new AssignmentOptions(
                options.choice("probing", Probing.class, defaults.probing()),
                options.number("first-id", defaults.firstId()),
                options.number("first-j", defaults.firstJ()));
    }
}
