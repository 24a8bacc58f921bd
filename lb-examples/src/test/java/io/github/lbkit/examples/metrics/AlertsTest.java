package io.github.lbkit.examples.metrics;

import static io.github.lbkit.examples.metrics.WatchedBalancers.call;
import static io.github.lbkit.examples.metrics.WatchedBalancers.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The alerting rules and the queries of the documents, evaluated by Prometheus over what two balancers show. */
class AlertsTest {
    private static final Path DOCS = Path.of("..", "docs");

    @TempDir
    Path directory;

    /** What happens to the balancers, how the page is changed after that, and the alerts that fire. */
    record Situation(String what, Consumer<WatchedBalancers> happens, String from, String to, Set<String> alerts) {
        static Situation of(String what, Consumer<WatchedBalancers> happens, String... alerts) {
            return new Situation(what, happens, "", "", labels(alerts));
        }

        /** From "alert balancer server" to the labels, of the process that changes. */
        private static Set<String> labels(String... alerts) {
            Set<String> labels = new TreeSet<>();
            for (String alert : alerts) {
                String[] words = alert.split(" ", -1);
                labels.add("alertname=\"" + words[0] + "\", instance=\"changing:7433\""
                        + (words.length > 1 ? ", balancer=\"" + words[1] + "\"" : "")
                        + (words.length > 2 ? ", server=\"" + words[2] + "\"" : ""));
            }
            return labels;
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Situation> situations() {
        return Stream.of(serving(), states(), health(), pools(), events()).flatMap(List::stream);
    }

    private static List<Situation> serving() {
        return List.of(
                Situation.of("all serve", w -> {}),
                Situation.of("servers are held back, without weight, or drain", w -> {
                    w.orders.override("a", OperatorOverride.DOWN);
                    w.pool.publish(
                            ready("a"),
                            ready("b"),
                            ready("c").withWeight(0),
                            ready("d").withState(Server.State.DRAINING));
                }),
                Situation.of(
                        "every server is held back",
                        w -> List.of("a", "b", "c").forEach(id -> w.orders.override(id, OperatorOverride.DRAIN)),
                        "LbkitNoServer orders"));
    }

    private static List<Situation> states() {
        return List.of(
                Situation.of(
                        "a server is down",
                        w -> w.pool.publish(ready("a").withState(Server.State.DOWN), ready("b"), ready("c")),
                        "LbkitServerDown orders a",
                        "LbkitServerDown carts a",
                        "LbkitServersMissing orders",
                        "LbkitServersMissing carts"),
                Situation.of(
                        "a server does not become ready",
                        w -> w.pool.publish(Server.starting("a"), ready("b"), ready("c")),
                        "LbkitServerDown orders a",
                        "LbkitServerDown carts a",
                        "LbkitServersMissing orders",
                        "LbkitServersMissing carts"));
    }

    private static List<Situation> health() {
        return List.of(
                Situation.of("a server is unhealthy", w -> unfit(w, "a"), "LbkitServerDown orders a"),
                Situation.of(
                        "so many servers are unhealthy that they are picked nevertheless",
                        w -> unfit(w, "a", "b"),
                        "LbkitServerDown orders a",
                        "LbkitServerDown orders b",
                        "LbkitFailOpen orders"),
                Situation.of(
                        "a server is ejected",
                        w -> call(w.orders, 12, "a"),
                        "LbkitServerDown orders a",
                        "LbkitServerFails orders a"),
                Situation.of(
                        "a server is ejected and due for a trial, for which no call comes",
                        w -> {
                            call(w.orders, 12, "a");
                            w.advance(Duration.ofSeconds(6));
                        },
                        "LbkitServerDown orders a",
                        "LbkitServerFails orders a"),
                Situation.of(
                        "a server fails that nothing watches",
                        w -> call(w.carts, 12, "a"),
                        "LbkitServerFails carts a"));
    }

    private static void unfit(WatchedBalancers watched, String... ids) {
        watched.unfit.addAll(List.of(ids));
        watched.advance(Duration.ofSeconds(3));
    }

    private static List<Situation> pools() {
        return List.of(
                Situation.of(
                        "a server has left the pool",
                        w -> w.publish("a", "b"),
                        "LbkitPoolShrank orders",
                        "LbkitPoolShrank carts"),
                Situation.of(
                        "every server has left the pool",
                        w -> {
                            w.publish();
                            call(w.orders, 3, "");
                        },
                        "LbkitPoolShrank orders",
                        "LbkitPoolShrank carts",
                        "LbkitNoServer orders",
                        "LbkitNoServer carts",
                        "LbkitRequestsUnserved orders"),
                Situation.of(
                        "the policy refuses the membership",
                        w -> w.publish("a", "b", "c", "d"),
                        "LbkitMembershipRefused orders",
                        "LbkitMembershipRefused carts",
                        "LbkitServerDown orders d",
                        "LbkitServerDown carts d"),
                new Situation(
                        "the source of the pool is silent",
                        w -> {},
                        "(lbkit_membership_age_seconds\\{balancer=\"orders\".*}) 0.0",
                        "$1 300.0",
                        Situation.labels("LbkitMembershipOld orders")),
                new Situation(
                        "the process is gone",
                        w -> {},
                        "(?m)^up 1.0$",
                        "up 0.0",
                        Situation.labels("LbkitBalancerDown")));
    }

    private static List<Situation> events() {
        return List.of(
                Situation.of(
                        "servers are lost and replaced",
                        w -> w.pool.report(new PoolEvent.Lost(new InstanceId("a", 1), "killed")),
                        "LbkitServersLostAgainAndAgain orders",
                        "LbkitServersLostAgainAndAgain carts"),
                Situation.of(
                        "launches fail",
                        w -> w.pool.report(new PoolEvent.LaunchFailed(new InstanceId("a", 1), "exited")),
                        "LbkitLaunchesFail orders",
                        "LbkitLaunchesFail carts"),
                Situation.of("no retries are left", WatchedBalancers::spendRetries, "LbkitRetryBudgetUsedUp orders"));
    }

    @ParameterizedTest
    @MethodSource("situations")
    void the_alerts_of_a_situation_fire_and_no_others(Situation situation) throws Exception {
        try (WatchedBalancers watched = new WatchedBalancers()) {
            call(watched.orders, 6, "");
            call(watched.carts, 6, "");
            String before = watched.page();
            situation.happens().accept(watched);
            String after = watched.page();
            if (!situation.from().isEmpty()) {
                assertThat(after).containsPattern(situation.from());
                after = after.replaceAll(situation.from(), situation.to());
            }

            new Promtool(before, after).requireFiring(directory, situation.alerts());
        }
    }

    @Test
    void every_rule_fires_in_some_situation() throws Exception {
        Set<String> rules = found("(?m)^ +- alert: (\\w+)$", Files.readString(Promtool.ALERTS));
        Set<String> firing = situations()
                .flatMap(situation -> situation.alerts().stream())
                .flatMap(labels -> found("alertname=\"(\\w+)\"", labels).stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(firing).isEqualTo(rules).hasSizeGreaterThan(10);
    }

    @Test
    void every_query_of_the_docs_and_of_grafanas_dashboard_can_be_evaluated_over_two_balancers() throws Exception {
        String docs = Files.readString(DOCS.resolve("metrics.md"));
        String questions = docs.substring(docs.indexOf("## Questions"));
        List<String> queries = new ArrayList<>();
        found("(?m)^\\| [^|]* \\| `(.*)` \\|$", questions).forEach(query -> queries.add(query.replace("\\|", "|")));
        int ofDocs = queries.size();
        found("\"expr\": \"(.*)\",", Files.readString(DOCS.resolve("grafana/lbkit.json")))
                .forEach(query -> queries.add(query.replace("\\\"", "\"")
                        .replace("$__rate_interval", "1m")
                        .replaceAll("\\$(pool|balancer)", ".*")));

        assertThat(ofDocs).isGreaterThan(8);
        assertThat(queries).hasSizeGreaterThan(ofDocs + 25);
        try (WatchedBalancers watched = new WatchedBalancers()) {
            String before = watched.page();
            call(watched.orders, 6, "a");
            new Promtool(before, watched.page()).requireQueries(directory, queries);
        }
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult result) -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
