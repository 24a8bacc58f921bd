package io.github.lbkit.examples.decide;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.Policies;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;

/** The policy that a command is told to use, by name and options. Read once, after parsing. */
public final class PolicyChoice {
    /** The option of policies whose table is made for so many servers. */
    private static final String TABLE_SIZE = "max-servers";

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            defaultValue = "hash",
            description =
                    "how a server is chosen: hash, rendezvous, capped, ring, maglev, envoy-ring, envoy-maglev, ketama, jump,"
                            + " assignment, round-robin, least-requests, random"
                            + " (default: ${DEFAULT-VALUE})")
    private String name = "hash";

    @Option(
            names = "--policy-option",
            paramLabel = "NAME=VALUE",
            split = ",",
            description = "an option of the policy, such as probing=quadratic for assignment")
    private Map<String, String> options = new LinkedHashMap<>();

    /** The defaults. */
    public PolicyChoice() {}

    /** The policy's name, as given. */
    public String name() {
        return name;
    }

    /** The policy's options, as given. */
    public Map<String, String> options() {
        return Map.copyOf(options);
    }

    /**
     * The policy.
     *
     * @throws IllegalArgumentException if there is none of this name, or an option is wrong
     */
    public Policy make() {
        return Policies.named(name, options);
    }

    /** The policy; a table is made for this many servers, unless its options say another number. */
    public Policy make(int maxServers) {
        Map<String, String> sized = new LinkedHashMap<>(options);
        if (Policies.names().getOrDefault(name, Set.of()).contains(TABLE_SIZE)) {
            sized.putIfAbsent(TABLE_SIZE, String.valueOf(maxServers));
        }
        return Policies.named(name, sized);
    }
}
