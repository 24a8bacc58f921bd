package io.github.lbkit.testkit.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.Explanation;
import io.github.lbkit.api.explain.SkipReason;
import io.github.lbkit.api.health.Ejection;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import io.github.lbkit.testkit.fixture.InOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthChecksTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final ScriptedPool pool = new ScriptedPool("test");
    private final ScriptedProbe probe = new ScriptedProbe();
    private final List<String> seen = new ArrayList<>();
    private final List<LoadBalancer> open = new ArrayList<>();

    /** Answers at once, as the sets say, and keeps what it was asked; a silent instance's answer is the test's. */
    private final class ScriptedProbe implements Probe {
        final Set<String> failing = new HashSet<>();
        final Set<String> silent = new HashSet<>();
        final List<String> asked = new ArrayList<>();
        final List<CompletableFuture<ProbeResult>> unanswered = new ArrayList<>();

        @Override
        public CompletionStage<ProbeResult> probe(Instance instance, Duration timeout) {
            asked.add(instance.name() + " at " + scheduler.nanoTime() / 1_000_000);
            if (instance.name().equals("i-broken")) {
                throw new IllegalStateException("this probe throws");
            }
            if (silent.contains(instance.name())) {
                CompletableFuture<ProbeResult> later = new CompletableFuture<>();
                unanswered.add(later);
                return later;
            }
            return CompletableFuture.completedFuture(
                    failing.contains(instance.name()) ? ProbeResult.failed("it said no") : ProbeResult.PASSED);
        }
    }

    private HealthChecks.Builder everySecond() {
        return HealthChecks.builder(probe)
                .interval(SECOND)
                .failingInterval(Duration.ofMillis(200))
                .timeout(SECOND)
                .jitter(0);
    }

    private LoadBalancer.Builder builder() {
        SplittableRandom random = new SplittableRandom(17);
        return LoadBalancer.builder(pool, new InOrder())
                .runtimes(scheduler.asRuntimes())
                .random(random::nextLong)
                .listener(new LoadBalancerListener() {
                    @Override
                    public void becameUnhealthy(Server server, String reason) {
                        seen.add(server.id() + " unhealthy: " + reason);
                    }

                    @Override
                    public void becameHealthy(Server server) {
                        seen.add(server.id() + " healthy");
                    }

                    @Override
                    public void instanceLost(Server server, Instance instance) {
                        seen.add(server.id() + " lost");
                    }
                });
    }

    private LoadBalancer balancer(HealthChecks.Builder checks) {
        return balancer(builder().healthChecks(checks.build()));
    }

    private LoadBalancer balancer(LoadBalancer.Builder builder) {
        LoadBalancer balancer = builder.build();
        open.add(balancer);
        return balancer;
    }

    @AfterEach
    void nothing_is_left_in_flight() {
        assertThat(open).allMatch(b -> b.servers().stream().allMatch(s -> s.inFlight() == 0));
        open.forEach(LoadBalancer::close);
        int asked = probe.asked.size();
        scheduler.advance(Duration.ofMinutes(1));
        assertThat(probe.asked).as("a closed balancer probes nobody").hasSize(asked);
    }

    private void publish(String... ids) {
        Server[] servers = new Server[ids.length];
        for (int i = 0; i < ids.length; i++) {
            servers[i] = server(ids[i], "i-" + ids[i], 1);
        }
        pool.publish(servers);
    }

    private static Server server(String id, String instance, long generation) {
        return Server.ready(id, new Instance(instance, Address.of("127.0.0.1", 9000), generation));
    }

    private static String pick(LoadBalancer balancer) {
        try (Attempt attempt = (Attempt) balancer.call(Key.none()).next()) {
            return attempt.server().id();
        }
    }

    private void advanceThroughProbes(String instance, int more) {
        long until = probes(instance) + more;
        while (probes(instance) < until) {
            scheduler.advance(Duration.ofMillis(10));
        }
    }

    private long probes(String instance) {
        return probe.asked.stream()
                .filter(one -> one.startsWith(instance + " "))
                .count();
    }

    @Test
    void so_many_failures_in_a_row_make_unhealthy_and_so_many_passes_healthy_again() {
        publish("a", "b", "c");
        LoadBalancer balancer = balancer(everySecond().fall(3).rise(2));
        scheduler.advance(Duration.ofSeconds(2));

        probe.failing.add("i-a");
        advanceThroughProbes("i-a", 2);
        assertThat(seen).isEmpty();
        assertThat(pick(balancer)).isEqualTo("a");
        advanceThroughProbes("i-a", 1);
        assertThat(seen).containsExactly("a unhealthy: it said no", "a lost");
        assertThat(pick(balancer)).isEqualTo("b");
        probe.failing.clear();
        advanceThroughProbes("i-a", 1);
        assertThat(pick(balancer)).isEqualTo("b");
        advanceThroughProbes("i-a", 1);

        assertThat(pick(balancer)).isEqualTo("a");
        assertThat(seen).containsExactly("a unhealthy: it said no", "a lost", "a healthy");
    }

    @Test
    void a_pass_between_failures_begins_the_count_anew() {
        publish("a", "b");
        balancer(everySecond().fall(2));
        scheduler.advance(SECOND);

        for (int i = 0; i < 20; i++) {
            probe.failing.add("i-a");
            advanceThroughProbes("i-a", 1);
            probe.failing.clear();
            advanceThroughProbes("i-a", 1);
        }

        assertThat(seen).isEmpty();
    }

    @Test
    void an_instance_that_fails_is_probed_more_often() {
        publish("a");
        probe.failing.add("i-a");
        balancer(everySecond().initial(HealthChecks.Initial.UNHEALTHY));

        scheduler.advance(SECOND);
        assertThat(probe.asked)
                .containsExactly("i-a at 0", "i-a at 200", "i-a at 400", "i-a at 600", "i-a at 800", "i-a at 1000");
        probe.failing.clear();
        scheduler.advance(Duration.ofMillis(3200));

        assertThat(probe.asked.subList(6, probe.asked.size()))
                .containsExactly("i-a at 1200", "i-a at 2200", "i-a at 3200", "i-a at 4200");
    }

    @Test
    void pauses_vary_by_the_jitter_and_first_probes_are_spread_over_an_interval() {
        String[] ids = new String[200];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = "s" + (100 + i);
        }
        publish(ids);
        balancer(everySecond().jitter(0.5).maxConcurrent(1_000));

        scheduler.advance(SECOND);
        List<Long> first = probe.asked.stream().map(HealthChecksTest::millis).toList();
        scheduler.advance(Duration.ofSeconds(30));
        List<Long> ofOne = probe.asked.stream()
                .filter(one -> one.startsWith("i-s100 "))
                .map(HealthChecksTest::millis)
                .toList();

        assertThat(first).hasSizeGreaterThanOrEqualTo(200);
        assertThat(first.stream().filter(at -> at < 500).count())
                .as("half of the 200 in the first half; the seed is fixed")
                .isBetween(70L, 130L);
        for (int i = 1; i < ofOne.size(); i++) {
            assertThat(ofOne.get(i) - ofOne.get(i - 1)).isBetween(499L, 1501L);
        }
        assertThat(ofOne.stream().map(at -> at % 1000).distinct().count()).isGreaterThan(5);
    }

    private static long millis(String asked) {
        return Long.parseLong(asked.substring(asked.lastIndexOf(' ') + 1));
    }

    @Test
    void a_probe_without_an_answer_fails_shortly_after_its_timeout() {
        publish("a", "b");
        probe.silent.add("i-a");
        LoadBalancer balancer = balancer(everySecond().fall(1));

        scheduler.advance(Duration.ofSeconds(1).plusMillis(1499));
        assertThat(pick(balancer)).isIn("a", "b");
        scheduler.advance(SECOND);

        assertThat(seen).containsExactly("a unhealthy: the probe gave no answer within 1000 ms", "a lost");
        assertThat(pick(balancer)).isEqualTo("b");
    }

    @Test
    void an_answer_after_the_deadline_counts_for_nothing() {
        publish("a", "b");
        probe.silent.add("i-a");
        balancer(everySecond().fall(1).rise(1));
        scheduler.advance(Duration.ofSeconds(3));
        assertThat(seen).hasSize(2);

        probe.unanswered.get(0).complete(ProbeResult.PASSED);
        scheduler.runDue();

        assertThat(seen).hasSize(2);
    }

    @Test
    void a_probe_that_throws_has_failed() {
        publish("b", "broken");
        LoadBalancer balancer = balancer(everySecond().fall(2));

        scheduler.advance(Duration.ofSeconds(2));

        assertThat(seen).containsExactly("broken unhealthy: this probe throws", "broken lost");
        assertThat(pick(balancer)).isEqualTo("b");
    }

    @Test
    void no_more_probes_than_allowed_are_under_way_and_every_instance_has_its_turn() {
        String[] ids = new String[50];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = "s" + (10 + i);
            probe.silent.add("i-" + ids[i]);
        }
        publish(ids);
        balancer(everySecond().initial(HealthChecks.Initial.UNHEALTHY).maxConcurrent(3));
        scheduler.runDue();
        assertThat(probe.asked).hasSize(3);

        for (int answered = 0; answered < 50; answered++) {
            assertThat(probe.unanswered).hasSize(Math.min(50, answered + 3));
            probe.unanswered.get(answered).complete(ProbeResult.PASSED);
            scheduler.runDue();
        }

        assertThat(probe.asked.stream().distinct()).hasSize(50);
    }

    @Test
    void an_instance_that_leaves_gives_its_place_to_the_next_probe() {
        publish("a", "b");
        probe.silent.add("i-a");
        balancer(everySecond().initial(HealthChecks.Initial.UNHEALTHY).maxConcurrent(1));
        scheduler.runDue();
        assertThat(probe.asked).containsExactly("i-a at 0");

        publish("b");
        scheduler.advance(Duration.ofMillis(1500));

        assertThat(probe.asked).containsExactly("i-a at 0", "i-b at 1500");
        assertThat(seen).as("nobody is told of an instance that left").containsExactly("a lost", "b healthy");
    }

    @Test
    void unhealthy_until_the_first_pass_if_the_settings_say_so() {
        publish("a", "b");
        LoadBalancer balancer = balancer(builder()
                .failOpenThreshold(0)
                .healthChecks(everySecond()
                        .initial(HealthChecks.Initial.UNHEALTHY)
                        .rise(5)
                        .build()));
        probe.failing.add("i-a");
        assertThat(((NoServer) balancer.call(Key.none()).next()).reason()).isEqualTo(NoServer.Reason.NONE_READY);

        scheduler.runDue();

        assertThat(pick(balancer)).as("the first pass is enough").isEqualTo("b");
        assertThat(seen).containsExactly("b healthy");
    }

    @Test
    void a_replacement_begins_anew() {
        publish("a", "b");
        probe.failing.add("i-a");
        LoadBalancer balancer = balancer(everySecond().fall(1));
        scheduler.advance(SECOND);
        assertThat(pick(balancer)).isEqualTo("b");

        pool.publish(server("a", "new-a", 2), server("b", "i-b", 1));

        assertThat(pick(balancer)).isEqualTo("a");
        int asked = probe.asked.size();
        scheduler.advance(Duration.ofSeconds(3));
        assertThat(probe.asked.subList(asked, probe.asked.size()))
                .anyMatch(one -> one.startsWith("new-a"))
                .noneMatch(one -> one.startsWith("i-a"));
    }

    @Test
    void a_server_that_is_down_is_not_probed_and_keeps_its_verdict() {
        publish("a", "b");
        probe.failing.add("i-a");
        LoadBalancer balancer = balancer(everySecond().fall(1));
        scheduler.advance(SECOND);

        pool.publish(server("a", "i-a", 1).withState(Server.State.DOWN), server("b", "i-b", 1));
        scheduler.runDue();
        int asked = probe.asked.size();
        scheduler.advance(Duration.ofSeconds(3));
        assertThat(probe.asked.subList(asked, probe.asked.size())).allMatch(one -> one.startsWith("i-b"));
        publish("a", "b");

        assertThat(pick(balancer)).isEqualTo("b");
        probe.failing.clear();
        scheduler.advance(SECOND);
        assertThat(pick(balancer)).isEqualTo("a");
    }

    @Test
    void health_is_ignored_when_too_few_remain_and_nothing_moves_on_then() {
        publish("a", "b", "c");
        LoadBalancer balancer = balancer(everySecond().fall(1));
        probe.failing.add("i-a");
        scheduler.advance(SECOND);
        assertThat(pick(balancer)).isEqualTo("b");

        probe.failing.add("i-b");
        scheduler.advance(SECOND);

        assertThat(pick(balancer)).as("one of three is below a half").isEqualTo("a");
        assertThat(seen).containsExactly("a unhealthy: it said no", "a lost", "b unhealthy: it said no");
        probe.failing.remove("i-b");
        scheduler.advance(SECOND);
        assertThat(pick(balancer)).isEqualTo("b");
    }

    @Test
    void fail_open_never_revives_a_server_without_an_instance() {
        pool.publish(Server.starting("a"), server("b", "i-b", 1));
        LoadBalancer balancer = balancer(everySecond().fall(1));
        probe.failing.add("i-b");
        scheduler.advance(SECOND);

        assertThat(pick(balancer)).isEqualTo("b");
    }

    @Test
    void unhealthy_servers_do_not_use_up_the_greatest_share_of_ejections() {
        publish("a", "b", "c", "d");
        Ejection once = Ejection.builder()
                .consecutiveFailures(1)
                .failureRatio(1)
                .minVolume(1)
                .base(SECOND.multipliedBy(60))
                .cap(SECOND.multipliedBy(60))
                .maxShare(0.25)
                .build();
        probe.failing.add("i-a");
        LoadBalancer balancer = balancer(
                builder().ejection(once).healthChecks(everySecond().fall(1).build()));
        scheduler.advance(SECOND);

        Attempt attempt = (Attempt) balancer.call(Key.none()).next();
        assertThat(attempt.server().id()).isEqualTo("b");
        attempt.failed(Failure.STATUS);

        assertThat(pick(balancer)).isEqualTo("c");
    }

    @Test
    void the_explanation_says_unhealthy_before_ejected() {
        publish("a", "b", "c");
        probe.failing.add("i-a");
        LoadBalancer balancer = balancer(builder()
                .ejection(Ejection.DEFAULTS)
                .healthChecks(everySecond().fall(1).build()));
        scheduler.advance(SECOND);

        Explanation explanation = balancer.explain(Key.none());

        assertThat(explanation.candidates().get(0).skipped()).contains(SkipReason.UNHEALTHY);
        assertThat(explanation.candidates().get(1).skipped()).isEmpty();
    }

    @Test
    void bounded_load_does_not_count_on_unhealthy_servers() {
        publish("a", "b");
        probe.failing.add("i-a");
        LoadBalancer balancer = balancer(
                builder().loadFactor(1).healthChecks(everySecond().fall(1).build()));
        scheduler.advance(SECOND);

        List<Attempt> attempts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            attempts.add((Attempt) balancer.call(Key.none()).next());
        }

        assertThat(attempts).allMatch(attempt -> attempt.server().id().equals("b"));
        assertThat(balancer.forced()).isZero();
        attempts.forEach(Attempt::succeeded);
    }

    @Test
    void settings_that_make_no_sense_are_refused_by_name() {
        assertThatThrownBy(() -> everySecond().fall(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("health check fall 0 is not 1 or more");
        assertThatThrownBy(() -> everySecond().interval(Duration.ZERO).build()).hasMessageContaining("interval PT0S");
        assertThatThrownBy(() -> everySecond().jitter(1).build())
                .hasMessageContaining("jitter 1.0 is not 0 to below 1");
        assertThatThrownBy(() -> everySecond().maxConcurrent(0).build()).hasMessageContaining("maxConcurrent");
    }
}
