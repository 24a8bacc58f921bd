package io.github.lbkit.testkit;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.RoundRobin;

class RoundRobinContractTest extends PolicyContract {
    @Override
    protected Policy policy() {
        return new RoundRobin();
    }
}
