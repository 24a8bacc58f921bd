package io.github.lbkit.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.api.policy.Policies;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The gauges that tell whether a server takes calls, in each situation that stops a server from taking them. */
class ServerGaugesTest {
    private final MeteredBalancer metered = new MeteredBalancer();

    private static void assertGauges(MeteredBalancer of, String id, int ready, int expected, int unfit, int ejected) {
        of.letGaugesRefresh();
        assertThat(List.of(
                        of.gauge(Metric.READY, "server", id),
                        of.gauge(Metric.EXPECTED, "server", id),
                        of.gauge(Metric.UNHEALTHY, "server", id),
                        of.gauge(Metric.EJECTED, "server", id)))
                .as("ready, expected, unhealthy, ejected of %s", id)
                .containsExactly((double) ready, (double) expected, (double) unfit, (double) ejected);
        List<ServerStatus> servers = of.balancer.servers();
        for (ServerStatus status : servers) {
            assertThat(of.gauge(Metric.READY, "server", status.server().id()))
                    .as("%s", status)
                    .isEqualTo(status.health().isPickable() ? 1 : 0);
        }
        assertThat(of.gauge(Metric.SERVERS_PICKABLE)).isEqualTo((double)
                servers.stream().filter(s -> s.health().isPickable()).count());
    }

    @Test
    void a_server_that_serves_is_ready_and_expected() {
        metered.publish("a", "b");

        assertGauges(metered, "a", 1, 1, 0, 0);
    }

    @Test
    void a_server_that_is_down_or_starting_is_expected_and_not_ready() {
        metered.pool.publish(MeteredBalancer.ready("a"), Server.starting("b"));
        assertGauges(metered, "b", 0, 1, 0, 0);

        metered.pool.publish(
                MeteredBalancer.ready("a"), MeteredBalancer.ready("b").withState(Server.State.DOWN));
        assertGauges(metered, "b", 0, 1, 0, 0);
        assertThat(metered.gauge(Metric.SERVERS_DESIRED)).isEqualTo(2);
        assertThat(metered.gauge(Metric.SERVERS, "state", "ready")).isEqualTo(1);
    }

    @Test
    void a_server_that_is_not_meant_to_take_calls_is_neither_ready_nor_expected() {
        metered.pool.publish(
                MeteredBalancer.ready("drains").withState(Server.State.DRAINING),
                MeteredBalancer.ready("held"),
                MeteredBalancer.ready("weightless").withWeight(0));
        metered.balancer.override("held", OperatorOverride.DRAIN);

        assertGauges(metered, "drains", 0, 0, 0, 0);
        assertGauges(metered, "held", 0, 0, 0, 0);
        assertGauges(metered, "weightless", 0, 0, 0, 0);

        metered.balancer.override("held", OperatorOverride.NONE);
        assertGauges(metered, "held", 1, 1, 0, 0);
    }

    @Test
    void a_server_whose_probes_fail_is_unhealthy_until_they_pass() {
        metered.publish("a", "b");
        metered.unfit.add("a");
        metered.advance(Duration.ofSeconds(2));
        assertGauges(metered, "a", 0, 1, 1, 0);
        assertGauges(metered, "b", 1, 1, 0, 0);

        metered.unfit.clear();
        metered.advance(Duration.ofSeconds(2));
        assertGauges(metered, "a", 1, 1, 0, 0);
    }

    @Test
    void a_server_is_ejected_until_a_trial_brings_it_back() {
        metered.publish("a", "b");
        metered.eject("a");
        assertGauges(metered, "a", 0, 1, 0, 1);

        metered.advance(Duration.ofSeconds(6));
        assertGauges(metered, "a", 1, 1, 0, 1); // the next call that routes there is the trial

        Attempt trial = metered.attemptOn("a");
        assertGauges(metered, "a", 0, 1, 0, 1);

        trial.succeeded();
        assertGauges(metered, "a", 1, 1, 0, 0);
    }

    @Test
    void servers_that_fail_open_are_ready_and_still_unhealthy() {
        MeteredBalancer opening = new MeteredBalancer(builder -> builder.failOpenThreshold(0.5));
        opening.publish("a", "b", "c");
        assertThat(opening.gauge(Metric.FAIL_OPEN)).isZero();
        opening.unfit.addAll(List.of("a", "b"));
        opening.advance(Duration.ofSeconds(2));
        assertGauges(opening, "a", 1, 1, 1, 0);
        assertThat(opening.gauge(Metric.FAIL_OPEN)).isEqualTo(1);

        opening.unfit.remove("a");
        opening.advance(Duration.ofSeconds(2));
        assertGauges(opening, "b", 0, 1, 1, 0);
        assertThat(opening.gauge(Metric.FAIL_OPEN)).isZero();
    }

    @Test
    void a_server_that_is_full_is_not_ready() {
        MeteredBalancer capped = new MeteredBalancer(builder -> builder.maxInFlightPerServer(1));
        capped.publish("a", "b");
        Attempt open = capped.attemptOn("a");
        assertGauges(capped, "a", 0, 1, 0, 0);

        open.succeeded();
        assertGauges(capped, "a", 1, 1, 0, 0);
    }

    @Test
    void a_pool_without_servers_has_none_that_is_pickable() {
        assertThat(metered.gauge(Metric.SERVERS_PICKABLE)).isZero();
        metered.publish("a");
        assertThat(metered.gauge(Metric.SERVERS_PICKABLE)).isEqualTo(1);
        metered.publish();
        assertThat(metered.gauge(Metric.SERVERS_PICKABLE)).isZero();
    }

    @Test
    void a_membership_is_shown_as_refused_until_the_policy_takes_one() {
        MeteredBalancer choosy = new MeteredBalancer(new AtMostTwo());
        choosy.publish("a", "b");
        assertThat(choosy.gauge(Metric.MEMBERSHIP_REFUSED)).isZero();

        choosy.publish("a", "b", "c");
        assertThat(choosy.gauge(Metric.MEMBERSHIP_REFUSED)).isEqualTo(1);
        assertGauges(choosy, "c", 0, 1, 0, 0);

        choosy.publish("a", "c");
        assertThat(choosy.gauge(Metric.MEMBERSHIP_REFUSED)).isZero();
        assertGauges(choosy, "c", 1, 1, 0, 0);
    }

    /** Round robin that has no place for a third member. */
    private static final class AtMostTwo implements Policy {
        private final Policy inner = Policies.named("round-robin", Map.of());

        @Override
        public String name() {
            return "at-most-two";
        }

        @Override
        public Picker picker(List<Member> members) {
            if (members.size() > 2) {
                throw new IllegalArgumentException("two members at most");
            }
            return inner.picker(members);
        }
    }
}
