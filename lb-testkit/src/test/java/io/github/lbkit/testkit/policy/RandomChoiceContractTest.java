package io.github.lbkit.testkit.policy;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.RandomChoice;
import io.github.lbkit.testkit.PolicyContract;

class RandomChoiceContractTest extends PolicyContract {
    @Override
    protected Policy policy() {
        return new RandomChoice();
    }
}
