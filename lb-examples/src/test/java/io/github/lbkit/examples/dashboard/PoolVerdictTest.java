package io.github.lbkit.examples.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.explain.ServerHealth;
import io.github.lbkit.api.explain.ServerStatus;
import io.github.lbkit.examples.condition.ServerCondition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolVerdictTest {
    private final List<ServerView> servers = new ArrayList<>();

    private PoolVerdictTest server(
            String id, ServerCondition.Kind condition, double expected, double measured, double picks) {
        ServerStatus status = new ServerStatus(Server.starting(id), OperatorOverride.NONE, ServerHealth.GOOD, 0, 0);
        servers.add(new ServerView(status, condition, expected, expected, measured, picks, 0, 0, 0));
        return this;
    }

    private PoolVerdict verdict() {
        return PoolVerdict.of(servers, 0);
    }

    @Test
    void all_ready_and_even_is_good() {
        server("a", ServerCondition.Kind.FIT, 0.5, 0.51, 5_100).server("b", ServerCondition.Kind.FIT, 0.5, 0.49, 4_900);

        assertThat(verdict())
                .isEqualTo(
                        new PoolVerdict(PoolVerdict.Level.GOOD, "All 2 servers are ready", List.of("Load is even.")));
    }

    @Test
    void a_server_far_off_its_share_is_named_with_both_shares() {
        server("a", ServerCondition.Kind.FIT, 0.333, 0.84, 8_400)
                .server("b", ServerCondition.Kind.FIT, 0.333, 0.05, 500)
                .server("c", ServerCondition.Kind.FIT, 0.333, 0.11, 1_100);

        assertThat(verdict().level()).isEqualTo(PoolVerdict.Level.WARNING);
        assertThat(verdict().details())
                .containsExactly("Load is uneven: a gets 84 % of the requests, expected are 33 %.");
    }

    @Test
    void random_deviations_of_few_requests_are_not_reported_as_uneven() {
        server("a", ServerCondition.Kind.FIT, 0.5, 0.7, 7).server("b", ServerCondition.Kind.FIT, 0.5, 0.3, 3);

        assertThat(verdict().level()).isEqualTo(PoolVerdict.Level.GOOD);
        assertThat(verdict().details()).containsExactly("Too few requests so far to tell whether load is even.");
    }

    @Test
    void a_pool_without_requests_has_a_verdict_of_its_own() {
        server("a", ServerCondition.Kind.FIT, 1, 0, 0);

        assertThat(verdict())
                .isEqualTo(new PoolVerdict(
                        PoolVerdict.Level.GOOD, "The server is ready", List.of("No requests in the last minute.")));
    }

    @Test
    void servers_in_trouble_are_named_and_the_rest_counted() {
        server("a", ServerCondition.Kind.FIT, 1, 0, 0)
                .server("b", ServerCondition.Kind.DOWN, 0, 0, 0)
                .server("c", ServerCondition.Kind.EJECTED, 0, 0, 0)
                .server("d", ServerCondition.Kind.UNHEALTHY, 0, 0, 0)
                .server("e", ServerCondition.Kind.DOWN, 0, 0, 0)
                .server("f", ServerCondition.Kind.DOWN, 0, 0, 0);

        assertThat(verdict().headline()).isEqualTo("1 of 6 servers is ready");
        assertThat(verdict().level()).isEqualTo(PoolVerdict.Level.WARNING);
        assertThat(verdict().details().get(0))
                .isEqualTo("b is down, c is ejected, d is unhealthy, and 2 more are out.");
    }

    @Test
    void starting_and_held_back_servers_are_reported_and_draining_servers_do_not_count() {
        server("a", ServerCondition.Kind.FIT, 1, 0, 0)
                .server("b", ServerCondition.Kind.STARTING, 0, 0, 0)
                .server("c", ServerCondition.Kind.OVERRIDDEN, 0, 0, 0)
                .server("d", ServerCondition.Kind.OVERRIDDEN, 0, 0, 0)
                .server("e", ServerCondition.Kind.DRAINING, 0, 0, 0);

        assertThat(verdict().headline()).isEqualTo("1 of 4 servers is ready");
        assertThat(verdict().details()).contains("b is starting.", "2 are held back by the operator.");
    }

    @Test
    void without_a_server_that_answers_it_is_bad() {
        assertThat(verdict().headline()).isEqualTo("There are no servers");
        assertThat(verdict().level()).isEqualTo(PoolVerdict.Level.BAD);
        server("a", ServerCondition.Kind.DOWN, 0, 0, 0);
        assertThat(verdict().headline()).isEqualTo("No server can answer");
        assertThat(verdict().level()).isEqualTo(PoolVerdict.Level.BAD);
    }

    @Test
    void requests_that_get_no_server_are_bad_even_if_all_are_ready() {
        server("a", ServerCondition.Kind.FIT, 1, 1, 100);

        PoolVerdict verdict = PoolVerdict.of(servers, 12.2);

        assertThat(verdict.level()).isEqualTo(PoolVerdict.Level.BAD);
        assertThat(verdict.details()).contains("Requests get no server: 12 in the last second.");
    }
}
