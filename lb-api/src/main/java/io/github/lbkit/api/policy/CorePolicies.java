package io.github.lbkit.api.policy;

import io.github.lbkit.api.Policy;
import java.util.Map;
import java.util.Set;

/**
 * The provider of the policies without a key: {@code round-robin}, {@code least-requests}, {@code random}. They have no
 * options.
 */
public final class CorePolicies implements PolicyProvider {
    /** Creates the provider, for the service loader. */
    public CorePolicies() {}

    @Override
    public Map<String, Set<String>> names() {
        return Map.of("round-robin", Set.of(), "least-requests", Set.of(), "random", Set.of());
    }

    @Override
    public Policy policy(String name, Map<String, String> options) {
        return switch (name) {
            case "round-robin" -> new RoundRobin();
            case "least-requests" -> new LeastRequests();
            case "random" -> new RandomChoice();
            default -> throw new IllegalArgumentException("policy '" + name + "' is not one of " + names().keySet());
        };
    }
}
