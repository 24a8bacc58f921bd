package io.github.lbkit.testkit.policy;

import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.HashPolicy;
import io.github.lbkit.testkit.PolicyContract;
import io.github.lbkit.testkit.TestPolicies;

class HashPolicyContractTest extends PolicyContract {
    private static final KeyHash BY_HASH_CODE = key -> TestPolicies.hash(key.toString());
    private static final Policy POLICY = new HashPolicy("table", TestPolicies::table, BY_HASH_CODE);

    @Override
    protected Policy policy() {
        return POLICY;
    }
}
