package io.github.lbkit.examples.serve.endpoint.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lbkit.examples.demo.DemoServer;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /metrics} in both formats, read by Prometheus' own Python client, and the documents that speak of it. */
class MetricsPageTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z_0-9]+)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `[a-z0-9.]+` \\| `([a-z0-9_]+)` \\| ([a-z]+) \\| (.*?) \\|");
    private static final Pattern CODE = Pattern.compile("`([a-z_]+)`");

    @TempDir
    Path state;

    private String page(RunningBalancer running, String... fields) throws Exception {
        for (int i = 0; i < 20; i++) {
            running.get("/home");
        }
        RawHttp answer = RawHttp.send(running.admin, "GET", "/metrics", "", fields);
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void both_formats_are_valid_by_the_parsers_of_prometheus_own_client() throws Exception {
        boolean installed = Files.isExecutable(PYTHON) && python("import prometheus_client", "") == 0;
        assumeTrue(
                installed || "true".equals(System.getenv("CI")),
                "not installed: python3 with prometheus_client (Debian: python3-prometheus-client)");
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "2")) {
            String read = """
                    import sys
                    from %s import text_string_to_metric_families as parse
                    families = list(parse(sys.stdin.read()))
                    sys.exit(0 if len(families) > 40 and all(f.documentation for f in families) else 1)
                    """;

            assertThat(python(String.format(read, "prometheus_client.parser"), page(running)))
                    .isZero();
            String open = page(running, "Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
            assertThat(open).endsWith("# EOF\n");
            assertThat(python(String.format(read, "prometheus_client.openmetrics.parser"), open))
                    .isZero();
        }
    }

    private static int python(String program, String input) throws IOException, InterruptedException {
        Process python = new ProcessBuilder(PYTHON.toString(), "-c", program)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = python.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        if (!python.waitFor(60, TimeUnit.SECONDS)) {
            python.destroyForcibly();
            throw new AssertionError("the parser did not end");
        }
        return python.exitValue();
    }

    @Test
    void the_format_is_what_the_client_prefers() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "0")) {
            Map<String, String> wanted = new TreeMap<>(Map.of(
                    "*/*", "text/plain; version=0.0.4",
                    "text/plain;version=0.0.4;q=0.5,application/openmetrics-text;q=0.4", "text/plain",
                    "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.4,*/*;q=0.1",
                            "application/openmetrics-text; version=1.0.0",
                    "application/openmetrics-text;q=0", "text/plain",
                    "application/openmetrics-text;q=x", "text/plain",
                    "APPLICATION/OpenMetrics-Text", "application/openmetrics-text"));
            for (Map.Entry<String, String> one : wanted.entrySet()) {
                RawHttp answer = RawHttp.send(running.admin, "GET", "/metrics", "", "Accept: " + one.getKey());
                assertThat(answer.field("Content-Type")).as(one.getKey()).startsWith(one.getValue());
            }
            assertThat(RawHttp.get(running.admin, "/metrics").field("Content-Type"))
                    .startsWith("text/plain; version=0.0.4");
            assertThat(RawHttp.send(running.admin, "POST", "/metrics", "").status())
                    .isEqualTo(405);
        }
    }

    @Test
    void the_page_has_the_counters() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "2", "--policy", "round-robin")) {
            String page = page(running);

            String tags = "balancer=\"" + pool(running) + "\",pool=\"" + pool(running) + "\"";
            assertThat(page)
                    .contains("lbkit_requests_total{" + tags + "} 20.0\n")
                    .contains("lbkit_picks_total{" + tags + ",server=\"Server 1\"} 10.0\n")
                    .contains("lbkit_servers{" + tags + ",state=\"ready\"} 2.0\n")
                    .contains("lbkit_servers_pickable{" + tags + "} 2.0\n")
                    .contains("lbkit_ready{" + tags + ",server=\"Server 1\"} 1.0\n")
                    .contains("lbkit_imbalance{" + tags + "} ")
                    .containsPattern("lbkit_proxy_connections\\{listener=\"traffic\",peer=\"server\"} [1-9]");
            RawHttp.json(running.traffic, "DELETE", "/rm", "{\"n\":1,\"hostnames\":[\"Server 1\"]}");
            RunningBalancer.await("the meters of a server that left are gone", () -> {
                try {
                    return !RawHttp.get(running.admin, "/metrics").body().contains("Server 1");
                } catch (IOException e) {
                    return false;
                }
            });
        }
    }

    private static String pool(RunningBalancer running) {
        return running.balancer.loadBalancer().pool().name();
    }

    /** Name → labels, as the page has them. */
    private static Map<String, Set<String>> shown(String page) {
        Map<String, String> types = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$")
                .matcher(page)
                .results()
                .collect(Collectors.toMap(type -> type.group(1), type -> type.group(2)));
        Map<String, Set<String>> labels = new TreeMap<>();
        types.forEach((name, type) -> labels.put(name + " " + type, new TreeSet<>()));
        SAMPLE.matcher(page)
                .results()
                .forEach(
                        sample -> { // one without a family fails by adding to an immutable set
                            String name = sample.group(1);
                            String family =
                                    types.containsKey(name) ? name : name.replaceFirst("_(bucket|sum|count)$", "");
                            Set<String> of = labels.getOrDefault(family + " " + types.get(family), Set.of());
                            LABEL.matcher(sample.group(2) == null ? "" : sample.group(2))
                                    .results()
                                    .forEach(label -> of.add(label.group(1)));
                        });
        return labels;
    }

    @Test
    void a_server_that_refuses_connections_is_shown_as_ejected_and_not_ready() throws Exception {
        int nobody;
        try (ServerSocket closedAgain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = closedAgain.getLocalPort();
        }
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (DemoServer good = DemoServer.start("good", anyPort, DemoServer.Load.NONE);
                RunningBalancer running = new RunningBalancer(
                        state,
                        "--policy",
                        "round-robin",
                        "--pool",
                        "static:dead=127.0.0.1:" + nobody + ",good=127.0.0.1:"
                                + good.address().getPort())) {
            String page = page(running);

            assertThat(page)
                    .containsPattern("lbkit_ready\\{.*server=\"dead\"} 0.0")
                    .containsPattern("lbkit_ejected\\{.*server=\"dead\"} 1.0")
                    .containsPattern("lbkit_expected\\{.*server=\"dead\"} 1.0")
                    .containsPattern("lbkit_ready\\{.*server=\"good\"} 1.0");
        }
    }

    @Test
    void the_page_in_docs_lists_every_metric_with_its_type_and_labels_and_no_other() throws Exception {
        Map<String, Set<String>> documented = new TreeMap<>();
        ROW.matcher(Files.readString(DOCS.resolve("metrics.md")))
                .results()
                .forEach(row -> documented.put(
                        row.group(1) + " " + row.group(2),
                        CODE.matcher(row.group(3))
                                .results()
                                .map(label -> label.group(1))
                                .collect(Collectors.toCollection(TreeSet::new))));
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "1")) {
            assertThat(documented).isEqualTo(shown(page(running)));
        }
    }

    @Test
    void the_queries_of_grafanas_dashboard_and_of_the_docs_name_only_metrics_that_exist() throws Exception {
        Set<String> named = new TreeSet<>();
        for (String file : List.of("grafana/lbkit.json", "prometheus/alerts.yml", "metrics.md")) {
            Pattern.compile("\\blbkit_[a-z_]+")
                    .matcher(Files.readString(DOCS.resolve(file)))
                    .results()
                    .map(MatchResult::group)
                    .forEach(named::add);
        }
        try (RunningBalancer running = new RunningBalancer(state, "--servers", "1")) {
            String page = page(running);
            Set<String> existing =
                    SAMPLE.matcher(page).results().map(s -> s.group(1)).collect(Collectors.toSet());
            shown(page).keySet().forEach(family -> existing.add(family.substring(0, family.indexOf(' '))));

            assertThat(existing).containsAll(named);
            assertThat(named).hasSizeGreaterThan(30);
        }
    }
}
