package io.github.lbkit.hashing;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.PolicyProvider;
import io.github.lbkit.api.policy.HashPolicy;
import io.github.lbkit.hashing.AssignmentOptions.Probing;
import java.util.Map;
import java.util.Set;

/**
 * The policies that route by key: {@code hash}, the recommended one, which today is {@code rendezvous};
 * {@code rendezvous}; {@code assignment} with the options {@code probing} (linear, quadratic), {@code first-id} and
 * {@code first-j}.
 */
public final class HashingPolicies implements PolicyProvider {
    private static final Map<String, Set<String>> NAMES = Map.of(
            "hash", Set.of(),
            "rendezvous", Set.of(),
            "assignment", Set.of("probing", "first-id", "first-j"));

    /** Called by the service loader. */
    public HashingPolicies() {}

    @Override
    public Map<String, Set<String>> names() {
        return NAMES;
    }

    @Override
    public Policy policy(String name, Map<String, String> options) {
        return switch (name) {
            case "hash", "rendezvous" -> new HashPolicy(name, HashRouters::rendezvous, KeyHashes.fold());
            case "assignment" -> {
                AssignmentOptions parsed = assignment(options);
                yield new HashPolicy(
                        name, members -> HashRouters.assignment(members, parsed), HashRouters.assignmentKeys());
            }
            default -> throw new IllegalArgumentException("policy '" + name + "' is not one of " + NAMES.keySet());
        };
    }

    private static AssignmentOptions assignment(Map<String, String> options) {
        String probing = options.getOrDefault("probing", "linear");
        return new AssignmentOptions(
                switch (probing) {
                    case "linear" -> Probing.LINEAR;
                    case "quadratic" -> Probing.QUADRATIC;
                    default ->
                        throw new IllegalArgumentException(
                                "option probing '" + probing + "' is not linear or quadratic");
                },
                number(options, "first-id", AssignmentOptions.DEFAULT.firstId()),
                number(options, "first-j", AssignmentOptions.DEFAULT.firstJ()));
    }

    private static int number(Map<String, String> options, String option, int fallback) {
        String value = options.get(option);
        if (value == null) {
            return fallback;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("option " + option + " '" + value + "' is not a whole number", e);
        }
    }
}
