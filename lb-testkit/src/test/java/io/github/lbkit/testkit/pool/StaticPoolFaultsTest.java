package io.github.lbkit.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.StaticPool;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.fault.FaultyCalls;
import java.util.List;
import java.util.concurrent.CompletionStage;

class StaticPoolFaultsTest extends LoggedFaultsContract {
    @Override
    protected Subject subject(ManualScheduler scheduler) {
        return new Subject() {
            @Override
            protected ServerPool open(FaultyCalls faults, Runtimes runtimes) {
                Instance instance = new Instance("a", Address.of("127.0.0.1", 1), 1);
                return StaticPool.of("static", runtimes, List.of(Server.ready("a", instance)));
            }

            @Override
            protected List<CompletionStage<?>> exercise(ServerPool pool) {
                return List.of(pool.ready());
            }

            @Override
            protected void assertRecovered(ServerPool pool) {
                assertThat(pool.membership().version()).isEqualTo(1);
            }
        };
    }
}
