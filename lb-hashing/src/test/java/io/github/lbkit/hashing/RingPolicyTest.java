package io.github.lbkit.hashing;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.PolicyContract;
import java.util.Map;

class RingPolicyTest extends PolicyContract {
    private static final Policy POLICY = Policies.named("ring", Map.of("points-per-weight", "0.0001"));

    @Override
    protected Policy policy() {
        return POLICY;
    }
}
