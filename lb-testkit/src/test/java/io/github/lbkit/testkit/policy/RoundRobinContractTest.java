package io.github.lbkit.testkit.policy;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.RoundRobin;
import io.github.lbkit.testkit.PolicyContract;

class RoundRobinContractTest extends PolicyContract {
    @Override
    protected Policy policy() {
        return new RoundRobin();
    }
}
