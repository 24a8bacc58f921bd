package io.github.lbkit.hashing;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.PolicyContract;
import java.util.Map;

class EnvoyRingPolicyTest extends PolicyContract {
    private static final Policy POLICY = Policies.named(
            "envoy-ring", Map.of("min-ring-size", "64", "max-ring-size", "2048", "hash-function", "murmur-hash-2"));

    @Override
    protected Policy policy() {
        return POLICY;
    }
}
