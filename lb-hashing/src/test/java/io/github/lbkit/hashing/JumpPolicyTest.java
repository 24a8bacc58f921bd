package io.github.lbkit.hashing;

import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.MemberLists;
import io.github.lbkit.testkit.PolicyContract;
import java.util.Map;
import net.jqwik.api.Arbitrary;

class JumpPolicyTest extends PolicyContract {
    private static final Policy POLICY = Policies.named("jump", Map.of());

    @Override
    protected Policy policy() {
        return POLICY;
    }

    @Override
    protected Arbitrary<String> ids() {
        return MemberLists.numberedIds();
    }
}
