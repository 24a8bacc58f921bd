package io.github.lbkit.testkit;

import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.HashPolicy;

class HashPolicyContractTest extends PolicyContract {
    private static final KeyHash BY_HASH_CODE =
            key -> new SampleKeys(key.toString().hashCode()).next();
    private static final Policy POLICY =
            new HashPolicy("table", members -> new TableRouter(members, TableRouter::fair), BY_HASH_CODE);

    @Override
    protected Policy policy() {
        return POLICY;
    }
}
