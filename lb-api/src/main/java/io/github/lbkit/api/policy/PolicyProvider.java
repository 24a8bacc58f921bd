package io.github.lbkit.api.policy;

import io.github.lbkit.api.Policy;
import java.util.Map;
import java.util.Set;

/** A provider of policies by name, found by {@link java.util.ServiceLoader}. */
public interface PolicyProvider {
    /** Returns the names of the provided policies, in lower case with hyphens, and the options of each. */
    Map<String, Set<String>> names();

    /**
     * Returns the policy with this name.
     *
     * @param name one of {@link #names}
     * @param options the options by name; only those that {@link #names} lists
     * @throws IllegalArgumentException if a value is wrong; the message names the option, the value and the allowed
     *     values
     */
    Policy policy(String name, Map<String, String> options);
}
