package io.github.lbkit.testkit;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.RandomChoice;

class RandomChoiceContractTest extends PolicyContract {
    @Override
    protected Policy policy() {
        return new RandomChoice();
    }
}
