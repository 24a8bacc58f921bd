package io.github.lbkit.testkit.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.EjectionReason;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What a listener is told of calls, retries and ejections. */
class ListenerTest {
    private final ManualScheduler scheduler = new ManualScheduler();
    private final ScriptedPool pool = new ScriptedPool("test");
    private final List<String> told = new ArrayList<>();
    private final LoadBalancerListener listener = new LoadBalancerListener() {
        @Override
        public void callBegan() {
            told.add("call");
        }

        @Override
        public void retried(Server server) {
            told.add("retry");
        }

        @Override
        public void attemptBegan(Server server) {
            told.add("attempt");
        }

        @Override
        public void ejected(Server server, Duration time, EjectionReason reason) {
            told.add(reason.name());
        }
    };

    private LoadBalancer balancer(Ejection ejection) {
        pool.publish(server("a"), server("b"), server("c"));
        return LoadBalancer.builder(pool, Policies.named("round-robin", Map.of()))
                .runtimes(scheduler.asRuntimes())
                .ejection(ejection)
                .failOpenThreshold(0)
                .retryBudget(new RetryBudget(0.2, 10))
                .listener(listener)
                .build();
    }

    private static Ejection ejection(int inARow, double ratio, int minVolume, OptionalDouble latencyFactor) {
        Ejection.Builder builder = Ejection.builder()
                .consecutiveFailures(inARow)
                .failureRatio(ratio)
                .minVolume(minVolume)
                .cap(Duration.ofSeconds(20))
                .maxShare(1);
        latencyFactor.ifPresent(builder::latencyFactor);
        return builder.build();
    }

    private static Server server(String id) {
        return Server.ready(id, new Instance("i-" + id, Address.of("127.0.0.1", 9000), 1));
    }

    private static Attempt attempt(LoadBalancer balancer) {
        return (Attempt) balancer.call(Key.none()).next();
    }

    @Test
    void a_call_is_reported_once_and_each_further_attempt_as_a_retry() {
        try (LoadBalancer balancer = balancer(Ejection.DEFAULTS)) {
            Call call = balancer.call(Key.none());
            ((Attempt) call.next()).failed(Failure.CONNECT);
            ((Attempt) call.next()).failed(Failure.CONNECT);
            ((Attempt) call.next()).succeeded();
            balancer.explain(Key.none());

            assertThat(told).containsExactly("call", "attempt", "retry", "attempt", "retry", "attempt");
            assertThat(balancer.retriesLeft()).isPresent();
        }
    }

    @Test
    void failures_in_a_row_and_a_failed_trial_are_reported_as_reasons() {
        try (LoadBalancer balancer = balancer(ejection(2, 1, 1_000, OptionalDouble.empty()))) {
            for (int i = 0; i < 6; i++) {
                attempt(balancer).failed(Failure.STATUS);
            }
            scheduler.advance(Duration.ofSeconds(5));
            attempt(balancer).failed(Failure.STATUS);

            assertThat(reasons()).containsExactly("CONSECUTIVE_FAILURES", "CONSECUTIVE_FAILURES", "TRIAL_FAILED");
        }
    }

    @Test
    void a_share_of_failures_is_a_reason_of_its_own() {
        try (LoadBalancer balancer = balancer(ejection(1_000, 0.5, 4, OptionalDouble.empty()))) {
            for (int i = 0; i < 12; i++) {
                attempt(balancer).failed(Failure.STATUS);
            }

            assertThat(reasons()).as("the last one stays").hasSize(2).containsOnly("FAILURE_RATIO");
        }
    }

    @Test
    void slowness_is_a_reason_of_its_own() {
        try (LoadBalancer balancer = balancer(ejection(1_000, 1, 3, OptionalDouble.of(3)))) {
            for (int i = 0; i < 30; i++) {
                Attempt attempt = attempt(balancer);
                scheduler.advance(Duration.ofMillis(attempt.server().id().equals("b") ? 200 : 2));
                attempt.responded();
                attempt.succeeded();
            }
            scheduler.advance(Duration.ofSeconds(1));

            assertThat(reasons()).isNotEmpty().containsOnly("LATENCY");
        }
    }

    private List<String> reasons() {
        return told.stream()
                .filter(word -> word.equals(word.toUpperCase(java.util.Locale.ROOT)))
                .toList();
    }
}
