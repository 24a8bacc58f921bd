package io.github.lbkit.api;

import java.util.Map;
import java.util.Set;

/** Makes policies by name; found by {@link java.util.ServiceLoader}. */
public interface PolicyProvider {
    /** The names that this provider knows, lower case with hyphens, and the options each takes. */
    Map<String, Set<String>> names();

    /**
     * The policy of this name.
     *
     * @param name one of {@link #names}
     * @param options by name; only those that {@link #names} lists
     * @throws IllegalArgumentException if a value is wrong; the message names the option, the value and what is allowed
     */
    Policy policy(String name, Map<String, String> options);
}
