package io.github.lbkit.hashing;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.PolicyContract;
import java.util.Map;

class MaglevPolicyTest extends PolicyContract {
    private static final Policy POLICY = Policies.named("maglev", Map.of("max-servers", "100"));

    @Override
    protected Policy policy() {
        return POLICY;
    }
}
