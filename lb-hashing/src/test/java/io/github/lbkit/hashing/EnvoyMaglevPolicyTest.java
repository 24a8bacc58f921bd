package io.github.lbkit.hashing;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.PolicyContract;
import java.util.Map;

class EnvoyMaglevPolicyTest extends PolicyContract {
    private static final Policy POLICY = Policies.named("envoy-maglev", Map.of("table-size", "1021"));

    @Override
    protected Policy policy() {
        return POLICY;
    }
}
