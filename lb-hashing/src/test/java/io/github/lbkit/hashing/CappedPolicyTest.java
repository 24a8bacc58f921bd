package io.github.lbkit.hashing;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.PolicyContract;
import java.util.Map;

class CappedPolicyTest extends PolicyContract {
    private static final Policy POLICY = Policies.named("capped", Map.of("epsilon", "0.1"));

    @Override
    protected Policy policy() {
        return POLICY;
    }
}
