package com.example.custompool;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.PolicyProvider;
import java.util.Map;
import java.util.Set;

/** Makes this project's policy by its name; found by {@link java.util.ServiceLoader}. */
public final class CustomPolicies implements PolicyProvider {
    @Override
    public Map<String, Set<String>> names() {
        return Map.of("first-by-name", Set.of());
    }

    @Override
    public Policy policy(String name, Map<String, String> options) {
        return new FirstByName();
    }
}
