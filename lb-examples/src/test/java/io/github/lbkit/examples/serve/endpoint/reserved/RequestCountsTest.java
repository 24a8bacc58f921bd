package io.github.lbkit.examples.serve.endpoint.reserved;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.examples.serve.endpoint.reserved.RequestCounts.Count;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestCountsTest {
    private final RequestCounts counts = new RequestCounts();

    private static Server server(String id, long generation) {
        return Server.ready(id, new Instance(id, Address.of("127.0.0.1", 9000), generation));
    }

    @Test
    void each_attempt_counts_once_and_a_replacement_counts_on() {
        counts.attemptBegan(server("S1", 1));
        counts.succeeded(server("S1", 1), Duration.ZERO);
        counts.attemptBegan(server("S1", 2));
        counts.failed(server("S1", 2), Failure.DISCONNECT, Duration.ZERO);
        counts.attemptBegan(server("S1", 2));

        assertThat(counts.of("S1")).isEqualTo(new Count(3, 1, 1));
        assertThat(counts.of("S2")).isEqualTo(Count.NONE);
    }

    @Test
    void a_server_that_leaves_takes_its_counts_along() {
        counts.attemptBegan(server("S1", 1));
        counts.attemptBegan(server("S2", 1));

        counts.membershipChanged(Membership.UNKNOWN, Membership.of(2, List.of(server("S2", 1))), true);
        counts.succeeded(server("S1", 1), Duration.ZERO);

        assertThat(counts.of("S1")).isEqualTo(Count.NONE);
        assertThat(counts.of("S2").requests()).isEqualTo(1);
    }
}
