package io.github.lbkit.testkit;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.LeastRequests;

class LeastRequestsContractTest extends PolicyContract {
    @Override
    protected Policy policy() {
        return new LeastRequests();
    }
}
