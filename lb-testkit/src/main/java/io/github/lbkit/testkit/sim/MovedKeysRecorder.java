package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.explain.Plan;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A policy that delegates to another and adds up the shares of the keys that its new tables move. Confined to the
 * thread of the simulation.
 */
final class MovedKeysRecorder implements Policy {
    private final Policy policy;
    private @Nullable HashRouter router;
    private double moved;

    MovedKeysRecorder(Policy policy) {
        this.policy = policy;
    }

    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public Set<String> labels() {
        return policy.labels();
    }

    @Override
    public Picker picker(List<Member> members) {
        return recorded(policy.picker(members));
    }

    @Override
    public Picker picker(List<Member> members, Picker previous) {
        return recorded(policy.picker(members, previous));
    }

    /** The sum of moved shares so far; empty if the policy does not route by key. */
    OptionalDouble sum() {
        return router == null ? OptionalDouble.empty() : OptionalDouble.of(moved);
    }

    private Picker recorded(Picker picker) {
        HashRouter before = router;
        HashRouter after = picker.router().orElse(null);
        if (before != null && after != null) {
            moved +=
                    before.movesTo(after).stream().mapToDouble(Plan.Move::share).sum();
        }
        router = after;
        return picker;
    }
}
