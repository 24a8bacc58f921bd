package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.examples.serve.settings.OverloadSettings;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverloadTest {
    @TempDir
    Path state;

    private OverloadSettings overload(String... arguments) {
        return RunningBalancer.settings(state, arguments).overload();
    }

    @Test
    void requests_beyond_what_a_server_may_have_wait_for_it() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try (RunningBalancer balancer = new RunningBalancer(
                state, "--servers", "1", "--max-in-flight", "1", "--queue", "100", "--queue-timeout", "30000")) {
            List<Future<Integer>> statuses = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                statuses.add(clients.submit(() -> balancer.get("/home").status()));
            }

            for (Future<Integer> status : statuses) {
                assertThat(status.get()).isEqualTo(200);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void settings_say_who_waits_and_what_is_tried_elsewhere() {
        OverloadSettings settings = overload(
                "--max-in-flight-pool", "9", "--queue", "5", "--queue-timeout", "250", "--retry-statuses", "502,503");

        assertThat(settings.maxInFlightOfPool()).contains(9);
        assertThat(settings.waiting().orElseThrow().maxWaiting()).isEqualTo(5);
        assertThat(settings.waiting().orElseThrow().maxWait()).isEqualTo(Duration.ofMillis(250));
        assertThat(settings.retryStatuses()).containsExactlyInAnyOrder(502, 503);
        assertThat(overload().waiting()).isEmpty();
        assertThat(overload().retryStatuses()).isEmpty();
    }

    @Test
    void settings_that_cannot_be_are_refused_by_name() {
        assertThatThrownBy(() -> overload("--queue", "5").waiting())
                .hasMessageContaining("--queue")
                .hasMessageContaining("--max-in-flight");
        assertThatThrownBy(
                        () -> overload("--max-in-flight", "1", "--queue", "0").waiting())
                .hasMessageContaining("--queue");
        assertThatThrownBy(() -> overload("--max-in-flight-pool", "0").maxInFlightOfPool())
                .hasMessageContaining("--max-in-flight-pool");
        assertThatThrownBy(() -> overload("--retry-statuses", "200").retryStatuses())
                .hasMessageContaining("--retry-statuses");
    }
}
