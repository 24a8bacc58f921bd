package io.github.lbkit.examples.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RecoveryWatchTest {
    private long now;
    private final RecoveryWatch watch = new RecoveryWatch(() -> now);
    private final Server first = server("S1", 7);
    private final Server replaced = server("S1", 8);

    private static Server server(String id, long generation) {
        return Server.ready(id, new Instance(id + "-" + generation, Address.of("127.0.0.1", 9000), generation));
    }

    private void changed(Server server) {
        watch.membershipChanged(Membership.UNKNOWN, Membership.of(1, List.of(server)), false);
    }

    @Test
    void each_moment_is_noted_once_when_it_comes_first() {
        watch.expectLoss(first);
        now = 10;
        watch.instanceLost(first, first.instance().orElseThrow());
        now = 11;
        watch.poolEvent(new PoolEvent.Lost(new InstanceId("S1", 7), "died"));
        watch.poolEvent(new PoolEvent.Launching(new InstanceId("S1", 8), true));
        now = 20;
        changed(replaced);
        now = 25;
        watch.succeeded(first, Duration.ZERO);
        assertThat(watch.recovered())
                .as("an answer of the dead one that was under way")
                .isFalse();
        watch.succeeded(replaced, Duration.ZERO);
        now = 30;
        changed(replaced);
        watch.succeeded(replaced, Duration.ZERO);

        assertThat(watch.times())
                .isEqualTo(new RecoveryWatch.Times(
                        OptionalLong.of(10), OptionalLong.of(11), OptionalLong.of(20), OptionalLong.of(25)));
        assertThat(watch.recovered()).isTrue();
    }

    @Test
    void events_of_other_servers_and_earlier_events_do_not_count() {
        watch.instanceLost(first, first.instance().orElseThrow());
        watch.expectLoss(first);

        watch.instanceLost(server("S2", 7), new Instance("x", Address.of("127.0.0.1", 1), 7));
        watch.succeeded(server("S2", 9), Duration.ZERO);
        watch.succeeded(first, Duration.ZERO);
        changed(first);

        assertThat(watch.times().detected()).isEmpty();
        assertThat(watch.times().served()).isEmpty();
    }

    @Test
    void a_membership_without_a_ready_server_is_a_loss() {
        watch.expectLoss(first);
        now = 5;

        changed(first.withState(Server.State.DOWN));

        assertThat(watch.times().detected()).hasValue(5);
    }
}
