package io.github.lbkit.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The metrics of a balancer whose servers, time and events the tests decide. */
class LbkitMetricsTest {
    private final MeteredBalancer metered = new MeteredBalancer();

    @Test
    void it_runs_in_its_named_module() {
        assertThat(LbkitMetrics.class.getModule().getName()).isEqualTo("io.github.lbkit.micrometer");
    }

    @Test
    void requests_picks_retries_and_outcomes_are_counted() {
        metered.publish("a", "b");
        Call call = metered.balancer.call(Key.none());
        Attempt first = (Attempt) call.next();
        first.failed(Failure.CONNECT);
        Attempt second = (Attempt) call.next();
        second.responded();
        second.succeeded();

        assertThat(metered.count(Metric.REQUESTS)).isEqualTo(1);
        assertThat(metered.count(Metric.RETRIES)).isEqualTo(1);
        assertThat(metered.count(Metric.PICKS, "server", "a")).isEqualTo(1);
        assertThat(metered.count(Metric.PICKS, "server", "b")).isEqualTo(1);
        String failed = first.server().id();
        String served = second.server().id();
        assertThat(metered.count(Metric.ATTEMPTS, "server", failed, "outcome", "connect"))
                .isEqualTo(1);
        assertThat(metered.count(Metric.ATTEMPTS, "server", served, "outcome", "success"))
                .isEqualTo(1);
        assertThat(metered.count(Metric.ATTEMPTS, "server", served, "outcome", "connect"))
                .isZero();
        assertThat(metered.timer(Metric.FIRST_BYTE).count()).isEqualTo(1);
        assertThat(metered.timer(Metric.ATTEMPT_DURATION, "server", served).count())
                .isEqualTo(1);
    }

    @Test
    void requests_without_a_server_are_counted_by_reason() {
        metered.publish("a");
        metered.balancer.override("a", OperatorOverride.DRAIN);
        metered.balancer.call(Key.none()).next();

        assertThat(metered.count(Metric.REQUESTS_UNSERVED, "reason", "none_ready"))
                .isEqualTo(1);
        assertThat(metered.count(Metric.SKIPS, "reason", "overridden")).isEqualTo(1);
        assertThat(metered.gauge(Metric.READY, "server", "a")).isZero();
    }

    @Test
    void in_flight_state_version_and_fingerprints_are_shown() {
        metered.publish("a", "b");
        Attempt open = (Attempt) metered.balancer.call(Key.none()).next();
        metered.letGaugesRefresh();

        assertThat(metered.gauge(Metric.IN_FLIGHT, "server", open.server().id()))
                .isEqualTo(1);
        assertThat(metered.gauge(Metric.SERVERS, "state", "ready")).isEqualTo(2);
        assertThat(metered.gauge(Metric.SERVERS_DESIRED)).isEqualTo(2);
        assertThat(metered.gauge(Metric.SHARE, "server", "a")).isEqualTo(0.5);
        assertThat(metered.gauge(Metric.MEMBERSHIP_VERSION))
                .isEqualTo((double) metered.balancer.membership().version());
        assertThat((long) metered.gauge(Metric.MEMBERSHIP_FINGERPRINT))
                .as("48 bits go through a double unharmed")
                .isEqualTo(metered.balancer.membership().fingerprint() >>> 16);
        assertThat((long) metered.gauge(Metric.ROUTING_FINGERPRINT))
                .isEqualTo(metered.balancer.routingFingerprint() >>> 16);
        open.abandoned();
        metered.letGaugesRefresh();
        assertThat(metered.gauge(Metric.IN_FLIGHT, "server", open.server().id()))
                .isZero();
    }

    @Test
    void ejections_are_counted_by_reason_and_retries_left_are_shown() {
        metered.publish("a", "b");
        for (int i = 0; i < 2; i++) {
            Call call = metered.balancer.call(Key.none());
            Attempt attempt = (Attempt) call.next();
            while (!attempt.server().id().equals("a")) {
                attempt.abandoned();
                attempt = (Attempt) metered.balancer.call(Key.none()).next();
            }
            attempt.failed(Failure.STATUS);
        }

        assertThat(metered.count(Metric.EJECTIONS, "server", "a", "reason", "consecutive_failures"))
                .isEqualTo(1);
        assertThat(metered.count(Metric.EJECTIONS, "server", "a", "reason", "latency"))
                .isZero();
        assertThat(metered.gauge(Metric.RETRY_BUDGET_LEFT)).isPositive();
    }

    @Test
    void the_meters_of_a_server_that_left_are_removed_and_do_not_come_back() {
        metered.publish("a", "b");
        Attempt open = metered.attemptOn("b");
        metered.publish("a");
        open.succeeded();
        metered.metrics.attemptBegan(open.server()); // by a call that still has the previous snapshot

        assertThat(metered.meters()).noneMatch(id -> "b".equals(id.getTag("server")));
        assertThat(metered.meters()).anyMatch(id -> "a".equals(id.getTag("server")));

        metered.publish("a", "b");
        assertThat(metered.count(Metric.PICKS, "server", "b")).as("a new b").isZero();
        metered.attemptOn("b").succeeded();
        assertThat(metered.count(Metric.PICKS, "server", "b")).isPositive();
    }

    @Test
    void the_number_of_meters_does_not_grow_with_the_servers_that_ever_were() {
        metered.publish("s0");
        int before = metered.meters().size();
        for (int i = 1; i < 200; i++) {
            metered.publish("s" + i);
            metered.attemptOn("s" + i).failed(Failure.TIMEOUT);
        }

        assertThat(metered.meters()).hasSize(before);
    }

    @Test
    void a_recovery_is_timed_by_phase() {
        metered.publish("a");
        metered.pool.report(new PoolEvent.Lost(new InstanceId("a", 1), "killed"));
        metered.advance(Duration.ofMillis(20));
        metered.pool.report(new PoolEvent.Launching(new InstanceId("a", 2), true));
        assertThat(metered.gauge(Metric.SERVERS_LAUNCHING)).isEqualTo(1);
        metered.advance(Duration.ofMillis(300));
        metered.pool.report(new PoolEvent.Ready(new InstanceId("a", 2), Duration.ofMillis(300)));
        metered.advance(Duration.ofMillis(7));
        metered.attemptOn("a").succeeded();
        metered.attemptOn("a").succeeded();

        assertThat(metered.millis(Metric.RECOVERY, "phase", "relaunch")).isEqualTo(20);
        assertThat(metered.millis(Metric.RECOVERY, "phase", "start")).isEqualTo(300);
        assertThat(metered.millis(Metric.RECOVERY, "phase", "first_request")).isEqualTo(7);
        assertThat(metered.timer(Metric.RECOVERY, "phase", "first_request").count())
                .isEqualTo(1);
        assertThat(metered.count(Metric.RESPAWNS)).isEqualTo(1);
        assertThat(metered.count(Metric.LOSSES)).isEqualTo(1);
        assertThat(metered.gauge(Metric.SERVERS_LAUNCHING)).isZero();
    }

    @Test
    void a_launch_that_is_no_recovery_is_timed_as_a_launch_alone() {
        metered.publish("a");
        metered.pool.report(new PoolEvent.Launching(new InstanceId("b", 1), false));
        metered.pool.report(new PoolEvent.Ready(new InstanceId("b", 1), Duration.ofMillis(250)));
        metered.pool.report(new PoolEvent.Launching(new InstanceId("c", 1), false));
        metered.pool.report(new PoolEvent.LaunchFailed(new InstanceId("c", 1), "exited"));

        assertThat(metered.millis(Metric.LAUNCH_DURATION)).isEqualTo(250);
        assertThat(metered.count(Metric.LAUNCH_FAILURES)).isEqualTo(1);
        assertThat(metered.count(Metric.RESPAWNS)).isZero();
        assertThat(metered.timer(Metric.RECOVERY, "phase", "start").count()).isZero();
        assertThat(metered.gauge(Metric.SERVERS_LAUNCHING)).isZero();
    }

    @Test
    void each_time_that_the_stream_of_events_is_reopened_counts() {
        metered.publish("a");
        metered.pool.report(new PoolEvent.StreamReopened("the engine was restarted", Duration.ofSeconds(2)));
        metered.pool.report(new PoolEvent.StreamReopened("it was silent", Duration.ofSeconds(1)));

        assertThat(metered.count(Metric.STREAM_REOPENINGS)).isEqualTo(2);
    }

    @Test
    void drains_are_counted_with_what_they_cut() {
        metered.publish("a");
        metered.pool.report(new PoolEvent.Drained(new InstanceId("a", 1), new DrainResult(3, 2)));

        assertThat(metered.count(Metric.DRAINS)).isEqualTo(1);
        assertThat(metered.count(Metric.DRAINED_ATTEMPTS, "outcome", "finished"))
                .isEqualTo(3);
        assertThat(metered.count(Metric.DRAINED_ATTEMPTS, "outcome", "cut")).isEqualTo(2);
    }

    @Test
    void imbalance_is_the_greatest_number_of_picks_for_a_weight_over_the_mean() {
        metered.pool.publish(
                MeteredBalancer.ready("a").withWeight(3),
                MeteredBalancer.ready("b").withWeight(1));
        assertThat(metered.gauge(Metric.IMBALANCE)).isNaN();
        Server a = metered.balancer.membership().server("a").orElseThrow();
        Server b = metered.balancer.membership().server("b").orElseThrow();
        pick(a, 30);
        pick(b, 10);
        assertThat(metered.gauge(Metric.IMBALANCE)).as("as the weights say").isEqualTo(1);

        pick(a, 60);
        assertThat(metered.gauge(Metric.IMBALANCE)).isEqualTo(90 / 3 / (100 / 4.0));

        metered.advance(Duration.ofSeconds(61));
        metered.gauge(Metric.IMBALANCE);
        metered.advance(Duration.ofSeconds(61));
        metered.gauge(Metric.IMBALANCE);
        pick(a, 3);
        pick(b, 1);
        assertThat(metered.gauge(Metric.IMBALANCE))
                .as("what was long ago is forgotten")
                .isEqualTo(1);
    }

    private void pick(Server server, int times) {
        for (int i = 0; i < times; i++) {
            metered.metrics.attemptBegan(server);
        }
    }

    @Test
    void every_metric_is_registered_under_the_tags_of_its_balancer_and_pool() {
        metered.publish("a");
        Set<String> registered =
                metered.meters().stream().map(Meter.Id::getName).collect(Collectors.toCollection(TreeSet::new));

        assertThat(registered)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Metric.values()).map(Metric::id).toList());
        assertThat(metered.meters())
                .allMatch(id -> id.getTags()
                        .containsAll(Tags.of("balancer", "balanced", "pool", "metered").stream()
                                .toList()));
        assertThat(metered.meters()).allMatch(id -> id.getDescription() != null);
    }

    @Test
    void earlier_counts_are_bound_and_two_registries_agree() {
        metered.publish("a");
        metered.attemptOn("a").succeeded();
        SimpleMeterRegistry second = new SimpleMeterRegistry();
        metered.metrics.bindTo(second);
        metered.attemptOn("a").succeeded();

        double picks = second.get(Metric.PICKS.id()).functionCounter().count();
        assertThat(picks).isEqualTo(metered.count(Metric.PICKS, "server", "a")).isPositive();
        assertThat(second.get(Metric.ATTEMPT_DURATION.id()).timer().count()).isEqualTo(1);
    }

    @Test
    void closing_removes_every_meter_and_the_balancer_goes_on() {
        metered.publish("a");
        Timer removed = metered.timer(Metric.ATTEMPT_DURATION, "server", "a");
        metered.metrics.close();
        metered.metrics.close();
        metered.attemptOn("a").succeeded();
        metered.publish("a", "b");

        assertThat(metered.meters()).isEmpty();
        assertThat(removed.count()).as("what is recorded after that").isZero();

        metered.metrics.bindTo(metered.registry);
        assertThat(metered.count(Metric.PICKS, "server", "a"))
                .as("what was counted meanwhile")
                .isPositive();
    }

    @Test
    void the_gauges_of_one_scrape_show_one_moment() {
        metered.publish("a", "b");
        assertThat(metered.gauge(Metric.READY, "server", "a")).isEqualTo(1);
        metered.balancer.override("a", OperatorOverride.DRAIN);

        assertThat(metered.gauge(Metric.READY, "server", "a")).isEqualTo(1);
        assertThat(metered.gauge(Metric.EXPECTED, "server", "a")).isEqualTo(1);
        assertThat(metered.gauge(Metric.SERVERS_PICKABLE)).isEqualTo(2);

        metered.letGaugesRefresh();
        assertThat(metered.gauge(Metric.READY, "server", "a")).isZero();
        assertThat(metered.gauge(Metric.EXPECTED, "server", "a")).isZero();
        assertThat(metered.gauge(Metric.SERVERS_PICKABLE)).isEqualTo(1);
    }

    @Test
    void a_registry_that_throws_affects_no_request() {
        ThrowingRegistry broken = new ThrowingRegistry();
        metered.publish("a");
        metered.metrics.bindTo(broken);
        broken.breakNow();
        metered.publish("a", "b");

        for (int i = 0; i < 20; i++) {
            Attempt attempt = (Attempt) metered.balancer.call(Key.none()).next();
            attempt.responded();
            attempt.succeeded();
        }

        assertThat(metered.count(Metric.REQUESTS)).isEqualTo(20);
        assertThat(metered.balancer.servers()).allMatch(status -> status.inFlight() == 0);
    }

    @Test
    void a_registry_that_throws_affects_no_other() {
        MeteredBalancer second = new MeteredBalancer("second", metered.pool, metered.registry);
        ThrowingRegistry broken = new ThrowingRegistry();
        metered.publish("a");
        second.metrics.bindTo(broken);
        second.metrics.bindTo(second.registry);
        broken.breakNow();
        metered.publish("a", "b");
        Attempt attempt = second.attemptOn("b");
        attempt.responded();
        attempt.succeeded();

        assertThat(second.timer(Metric.FIRST_BYTE, "balancer", "second").count())
                .isEqualTo(1);
        assertThat(second.timer(Metric.ATTEMPT_DURATION, "balancer", "second", "server", "b")
                        .count())
                .isEqualTo(1);

        second.metrics.close();
        assertThat(broken.getMeters()).isEmpty();
    }

    @Test
    void a_registry_that_throws_while_it_is_bound_keeps_no_meter() {
        ThrowingRegistry broken = new ThrowingRegistry();
        metered.publish("a");
        broken.breakAfter(30);

        assertThatThrownBy(() -> metered.metrics.bindTo(broken)).hasMessage("as a test wants it");
        assertThat(broken.getMeters()).isEmpty();
    }

    @Test
    void binding_before_following_and_following_twice_are_refused() {
        LbkitMetrics unused = new LbkitMetrics();

        assertThatThrownBy(() -> new LbkitMetrics(" ")).hasMessageContaining("balancer ' ' is blank");
        assertThatThrownBy(() -> unused.bindTo(new SimpleMeterRegistry())).hasMessageContaining("follow(balancer)");
        assertThatThrownBy(() -> metered.metrics.follow(metered.balancer)).hasMessageContaining("already");
        unused.attemptBegan(MeteredBalancer.ready("a"));
        unused.callBegan();
        unused.membershipChanged(metered.balancer.membership(), metered.balancer.membership(), false);
    }

    @Test
    void the_age_of_the_membership_is_in_the_registrys_unit() {
        metered.publish("a");

        assertThat(metered.registry.get(Metric.MEMBERSHIP_AGE.id()).timeGauge().value(TimeUnit.SECONDS))
                .isZero();
    }
}
