package io.github.lbkit.testkit.protection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.HashPolicy;
import io.github.lbkit.testkit.BalancerFaultsContract;
import io.github.lbkit.testkit.TestPolicies;
import io.github.lbkit.testkit.fault.FaultyCalls;
import io.github.lbkit.testkit.fault.Misbehaviour;
import io.github.lbkit.testkit.fixture.InOrder;
import io.github.lbkit.testkit.fixture.LogFile;
import java.util.List;
import org.junit.jupiter.api.Nested;

/** The contract, by a policy that routes by key and by one that does not; and the log names who threw. */
class BalancerFaultsTest {
    private abstract static class Logged extends BalancerFaultsContract {
        private final LogFile log = new LogFile();

        @Override
        protected void afterFault(FaultyCalls faults, Misbehaviour how, boolean callerKnows) {
            List<String> lines = log.lines();
            if (how.name().startsWith("THROWS") && !callerKnows) {
                assertThat(lines).as("one line names who threw").anyMatch(line -> line.contains(name(faults)));
            }
        }

        /** A hash policy's picker stands for its router and key hash, a policy for what is asked while its table is made. */
        private static String name(FaultyCalls faults) {
            return switch (faults.faultyMethod()) {
                case "Picker.router" -> "the policy refuses membership";
                case "LongSupplier.getAsLong" -> " threw at a";
                default ->
                    faults.faultyMethod().matches("(HashRouter|KeyHash).*") ? "HashPolicy" : faults.faultyClass();
            };
        }
    }

    @Nested
    class ByKey extends Logged {
        @Override
        protected Policy policy(FaultyCalls faults) {
            return new HashPolicy(
                    "table",
                    members -> faults.wrap(HashRouter.class, TestPolicies.table(members)),
                    faults.wrap(KeyHash.class, key -> TestPolicies.hash(key.toString())));
        }
    }

    @Nested
    class ByOrder extends Logged {
        @Override
        protected Policy policy(FaultyCalls faults) {
            return faults.wrap(Policy.class, new Wrapped(faults));
        }
    }

    /** A policy whose pickers go wrong too. */
    private record Wrapped(FaultyCalls faults) implements Policy {
        @Override
        public String name() {
            return "wrapped";
        }

        @Override
        public Picker picker(List<Member> members) {
            return faults.wrap(Picker.class, new InOrder().picker(members));
        }
    }
}
