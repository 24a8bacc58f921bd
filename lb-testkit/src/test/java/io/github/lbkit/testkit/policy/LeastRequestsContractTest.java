package io.github.lbkit.testkit.policy;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.LeastRequests;
import io.github.lbkit.testkit.PolicyContract;

class LeastRequestsContractTest extends PolicyContract {
    @Override
    protected Policy policy() {
        return new LeastRequests();
    }
}
