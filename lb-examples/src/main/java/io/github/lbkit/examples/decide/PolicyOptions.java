package io.github.lbkit.examples.decide;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.Policies;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of a command for the policy. Read once, after parsing. */
public final class PolicyOptions {
    /** The option of policies whose table has a size for a maximum number of servers. */
    private static final String TABLE_SIZE = "max-servers";

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            defaultValue = "hash",
            description = "the policy that chooses a server: hash, rendezvous, capped, ring, maglev, envoy-ring,"
                    + " envoy-maglev, ketama, jump,"
                    + " assignment, round-robin, least-requests, random"
                    + " (default: ${DEFAULT-VALUE})")
    private String name = "hash";

    @Option(
            names = "--policy-option",
            paramLabel = "NAME=VALUE",
            split = ",",
            description = "an option of the policy, such as probing=quadratic for the policy assignment")
    private Map<String, String> options = new LinkedHashMap<>();

    /** Creates options with the default values. */
    public PolicyOptions() {}

    /** The name of the policy, as given. */
    public String name() {
        return name;
    }

    /** The options of the policy, as given. */
    public Map<String, String> options() {
        return Map.copyOf(options);
    }

    /**
     * Creates the policy.
     *
     * @throws IllegalArgumentException if there is no policy with this name, or an option is not allowed
     */
    public Policy make() {
        return Policies.named(name, options);
    }

    /** Creates the policy; its table has a size for this number of servers, unless an option sets another one. */
    public Policy make(int maxServers) {
        Map<String, String> sized = new LinkedHashMap<>(options);
        if (Policies.names().getOrDefault(name, Set.of()).contains(TABLE_SIZE)) {
            sized.putIfAbsent(TABLE_SIZE, String.valueOf(maxServers));
        }
        return Policies.named(name, sized);
    }
}
