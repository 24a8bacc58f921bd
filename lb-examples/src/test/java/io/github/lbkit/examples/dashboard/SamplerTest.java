package io.github.lbkit.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.policy.Policies;
import io.github.lbkit.examples.condition.ServerCondition;
import io.github.lbkit.hashing.HashRouters;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the page is told, of a balancer whose time and servers a test says. */
class SamplerTest {
    private final ScriptedPool pool = new ScriptedPool("shown");
    private final ManualScheduler time = new ManualScheduler();
    private final Timeline timeline = new Timeline(time::now);
    private final Traffic traffic = new Traffic(timeline);
    private final LoadBalancer balancer = LoadBalancer.builder(pool, Policies.named("round-robin", Map.of()))
            .runtimes(time.asRuntimes())
            .listener(traffic)
            .build();
    private final Sampler sampler = new Sampler(balancer, traffic, 0);

    private static Server ready(String id, int weight) {
        return Server.ready(id, new Instance("i-" + id, Address.of("127.0.0.1", 9000), 1))
                .withWeight(weight);
    }

    private void requests(int count) {
        for (int i = 0; i < count; i++) {
            Attempt attempt = (Attempt) balancer.call(Key.none()).next();
            attempt.responded();
            attempt.succeeded();
        }
    }

    private void second() {
        time.advance(Duration.ofSeconds(1));
        sampler.sample(time.nanoTime());
    }

    private ServerView view(String id) {
        return sampler.servers().stream()
                .filter(view -> view.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void rates_are_those_of_the_last_second() {
        pool.publish(ready("a", 1));
        requests(30);
        ((Attempt) balancer.call(Key.none()).next()).failed(Failure.STATUS);
        second();
        Sampler.Sample busy = sampler.samples(1).get(0);
        second();
        Sampler.Sample idle = sampler.samples(1).get(0);

        assertThat(busy.requestsPerSecond()).isEqualTo(31);
        assertThat(busy.failedPerSecond()).isEqualTo(1);
        assertThat(idle.requestsPerSecond()).isZero();
        assertThat(idle.number()).isEqualTo(busy.number() + 1);
        assertThat(sampler.samples(300)).hasSize(2);
    }

    @Test
    void measured_shares_stand_beside_those_expected_by_weight() {
        pool.publish(ready("a", 1), ready("b", 3));
        for (int i = 0; i < 10; i++) {
            requests(400);
            second();
        }

        assertThat(view("a").expected()).isCloseTo(0.25, within(1e-9));
        assertThat(view("a").measured()).isCloseTo(0.25, within(0.01));
        assertThat(view("b").measured() + view("a").measured()).isCloseTo(1, within(1e-9));
        assertThat(view("b").perSecond()).isCloseTo(300, within(5.0));
    }

    @Test
    void while_a_server_is_held_back_it_is_expected_to_get_nothing() {
        pool.publish(ready("a", 1), ready("b", 1));
        requests(1_000);
        second();
        balancer.override("a", OperatorOverride.DRAIN);
        for (int i = 0; i < 120; i++) {
            requests(100);
            second();
        }

        assertThat(view("a").condition()).isEqualTo(ServerCondition.Kind.OVERRIDDEN);
        assertThat(view("a").share()).isEqualTo(0.5);
        assertThat(view("a").expected()).isCloseTo(view("a").measured(), within(0.02));
        assertThat(view("a").expected()).isLessThan(0.1);
        assertThat(view("b").expected()).isGreaterThan(0.9);
    }

    @Test
    void only_five_minutes_are_kept() {
        pool.publish(ready("a", 1));
        for (int i = 0; i < 400; i++) {
            second();
        }

        assertThat(sampler.samples(1_000)).hasSize(300);
        assertThat(sampler.samples(10).get(9).number()).isEqualTo(399);
    }

    @Test
    void the_timeline_tells_what_happened_newest_first_and_is_bounded() {
        pool.publish(ready("a", 1));
        pool.report(new PoolEvent.Lost(new InstanceId("a", 1), "killed"));
        pool.report(new PoolEvent.Launching(new InstanceId("a", 2), true));
        pool.report(new PoolEvent.Ready(new InstanceId("a", 2), Duration.ofMillis(1_234)));

        assertThat(timeline.newest(3))
                .extracting(Timeline.Entry::kind, Timeline.Entry::text)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Timeline.Kind.RECOVERY, "ready, 1.2 s after its launch"),
                        org.assertj.core.groups.Tuple.tuple(Timeline.Kind.CHANGE, "a replacement is launched"),
                        org.assertj.core.groups.Tuple.tuple(Timeline.Kind.FAILURE, "lost: killed"));
        for (int i = 0; i < 1_000; i++) {
            pool.report(new PoolEvent.LaunchFailed(new InstanceId("a", i), "no"));
        }
        assertThat(timeline.newest(10_000)).hasSize(200);
    }

    @Test
    void a_server_that_left_leaves_no_counters_behind() {
        for (int i = 0; i < 50; i++) {
            pool.publish(ready("s" + i, 1));
            requests(3);
            second();
        }

        assertThat(sampler.servers()).hasSize(1);
        assertThat(view("s49").measured()).isEqualTo(1);
    }

    /**
     * The assignment's map places servers by their number labels, which the fingerprint of a membership does not cover.
     */
    @Test
    void shares_follow_the_labels_that_number_servers() {
        LoadBalancer numbered = LoadBalancer.builder(pool, Policies.named("assignment", Map.of()))
                .runtimes(time.asRuntimes())
                .build();
        Sampler shown = new Sampler(numbered, traffic, 0);
        String label = HashRouters.NUMBER_LABEL;
        pool.publish(ready("a", 1).withLabels(Map.of(label, "1")), ready("b", 1).withLabels(Map.of(label, "2")));
        shown.sample(time.nanoTime());

        pool.publish(ready("a", 1).withLabels(Map.of(label, "2")), ready("b", 1).withLabels(Map.of(label, "1")));
        shown.sample(time.nanoTime());

        assertThat(shown.servers())
                .hasSize(2)
                .allSatisfy(view ->
                        assertThat(view.share()).isEqualTo(numbered.shares().get(view.id())));
        assertThat(numbered.shares().get("a")).isNotEqualTo(numbered.shares().get("b"));
    }
}
