package io.github.lbkit.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.api.policy.HashPolicy;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import io.micrometer.core.instrument.MockClock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StatusCacheTest {
    private static final String LABEL = "owner";

    /** The fingerprint of a membership does not cover labels, which the policy may read. */
    @Test
    void shares_follow_the_labels_that_the_policy_reads() {
        ScriptedPool pool = new ScriptedPool("metered");
        try (LoadBalancer balancer = LoadBalancer.builder(
                        pool, new HashPolicy("labelled", LabelledOwner::new, CharSequence::length))
                .runtimes(new ManualScheduler().asRuntimes())
                .build()) {
            StatusCache readings = new StatusCache(balancer, new MockClock());
            pool.publish(MeteredBalancer.ready("a").withLabels(Map.of(LABEL, "")), MeteredBalancer.ready("b"));
            double before = readings.share("a");

            pool.publish(MeteredBalancer.ready("a"), MeteredBalancer.ready("b").withLabels(Map.of(LABEL, "")));

            assertThat(before).isEqualTo(1);
            assertThat(readings.share("a")).isZero();
            assertThat(readings.share("b")).isEqualTo(1);
        }
    }

    /** A router all of whose keys belong to the member with a certain label. */
    private record LabelledOwner(List<Member> members) implements HashRouter {
        @Override
        public Set<Guarantee> guarantees() {
            return Set.of();
        }

        @Override
        public String name() {
            return "labelled owner";
        }

        @Override
        public Set<String> labels() {
            return Set.of(LABEL);
        }

        @Override
        public int owner(long keyHash) {
            for (int i = 0; i < members.size(); i++) {
                if (members.get(i).labels().containsKey(LABEL)) {
                    return i;
                }
            }
            return -1;
        }

        @Override
        public int next(long keyHash, Cursor cursor) {
            int owner = owner(keyHash);
            for (int i = 0; i < members.size(); i++) {
                int index = (Math.max(0, owner) + i) % members.size();
                if (cursor.visit(index)) {
                    return index;
                }
            }
            return -1;
        }

        @Override
        public HashRouter with(Member member) {
            throw new UnsupportedOperationException();
        }

        @Override
        public HashRouter without(String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public HashRouter withMembers(List<Member> newMembers) {
            return new LabelledOwner(newMembers);
        }

        @Override
        public double share(int index) {
            return index == owner(0) ? 1 : 0;
        }

        @Override
        public List<Plan.Move> movesTo(HashRouter after) {
            return List.of();
        }
    }
}
