package io.github.lbkit.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.lbkit.api.policy.RoundRobin;
import io.github.lbkit.api.pool.StaticPool;
import io.github.lbkit.api.runtime.Runtimes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PickTest {
    @Test
    void a_pick_without_a_server_throws_with_the_reason_and_the_time_to_wait() {
        Pick none = new NoServer(NoServer.Reason.NONE_READY, Duration.ofMillis(250));

        assertThatIllegalStateException()
                .isThrownBy(none::orElseThrow)
                .withMessage("no server can be tried: NONE_READY; a retry may succeed after 250 ms");
    }

    @Test
    void a_pick_with_a_server_is_the_attempt() {
        Server server = Server.ready("a", new Instance("i", Address.of("127.0.0.1", 80), 1));
        try (StaticPool pool = StaticPool.of("picks", Runtimes.system(), List.of(server));
                LoadBalancer balancer =
                        LoadBalancer.builder(pool, new RoundRobin()).build();
                Attempt attempt = balancer.call(Key.none()).next().orElseThrow()) {
            assertThat(attempt.server()).isEqualTo(server);
        }
    }
}
