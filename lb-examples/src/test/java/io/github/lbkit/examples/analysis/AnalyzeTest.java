package io.github.lbkit.examples.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.Main;
import io.github.lbkit.examples.analysis.subject.ReservedPathsClient;
import io.github.lbkit.examples.demo.DemoServer;
import io.github.lbkit.examples.json.JsonTree;
import io.github.lbkit.examples.serve.Balancer;
import io.github.lbkit.examples.serve.settings.ServeSettings;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command with real servers and little load. */
class AnalyzeTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();

    private int analyze(String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("analyze", "--out", directory.resolve("report").toString(), "--connections", "8"));
        all.addAll(List.of(arguments));
        CommandLine line = new CommandLine(new Main());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(out, true));
        return Main.run(all, line);
    }

    private String file(String name) throws Exception {
        return Files.readString(directory.resolve("report").resolve(name));
    }

    private Map<?, ?> results() throws Exception {
        return (Map<?, ?>) JsonTree.read(file("results.json"));
    }

    private static Object at(Object tree, Object... path) {
        Object at = tree;
        for (Object step : path) {
            Object next = null;
            if (at instanceof List<?> list && step instanceof Integer index) {
                next = list.get(index);
            } else if (at instanceof Map<?, ?> map) {
                next = map.get(step);
            }
            at = Objects.requireNonNull(next, () -> List.of(path) + " in " + tree);
        }
        return at;
    }

    @Test
    void real_servers_are_put_under_load_one_is_killed_and_all_of_it_reported() throws Exception {
        assertThat(analyze("--requests", "400", "--rate", "1000", "--seed", "7", "--", "--stop-timeout", "100"))
                .as(out.toString())
                .isZero();

        Map<?, ?> results = results();
        assertThat(at(results, "endurance", "kill", "failed")).isEqualTo("0");
        assertThat(at(results, "endurance", "kill", "load", "succeeded")).isEqualTo("1600");
        assertThat(Double.parseDouble(String.valueOf(at(results, "endurance", "kill", "servedAfterMillis"))))
                .isPositive();
        assertThat((List<?>) at(results, "usual", "growth")).hasSize(5);
        assertThat(at(results, "others", 0, "first", "servers", 0, "expectedShare"))
                .isEqualTo("0.84375");
        assertThat(at(results, "others", 0, "warnings", 0)).asString().contains("87 of 512");
        assertThat(at(results, "others", 1, "policy")).isEqualTo("a mixed hash, K = 9");
        for (String chart : List.of("a1-requests-by-server", "a2-load-by-servers", "a3-recovery", "a4-side-by-side")) {
            assertThat(file(chart + ".svg")).startsWith("<svg ");
            assertThat(directory.resolve("report").resolve(chart + ".png")).isNotEmptyFile();
        }
        assertThat(file("report.html"))
                .contains("A-1", "A-2", "A-3", "A-4", "expected and measured agree", "None of ")
                .doesNotContain("<script", "src=", "href=", "url(", "@import");
        assertThat(file("report.html").replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http");
        assertThat(out.toString()).contains("A-3 passed: Server 3 killed in the middle of 1,600 requests: 0 failed");
    }

    @Test
    void a_balancer_that_runs_is_left_as_it_is_unless_changes_are_allowed() throws Exception {
        ServeSettings settings = ServeSettings.of(List.of(
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "off",
                "--stop-timeout",
                "100", // the client of the test keeps its connection, and a stop would wait for it
                "--state-dir",
                directory.resolve("state").toString()));
        try (Balancer running = Balancer.start(settings)) {
            running.awaitReady();
            String url = "http://127.0.0.1:" + running.address().getPort();
            ReservedPathsClient client = new ReservedPathsClient(running.address());
            long version = running.loadBalancer().membership().version();

            assertThat(analyze("--requests", "400", "--url", url))
                    .as(out.toString())
                    .isZero();

            assertThat(running.loadBalancer().membership().version()).isEqualTo(version);
            assertThat(out.toString())
                    .contains(
                            "A-1 passed", "A-2 skipped", "--allow-changes", "A-3 passed", "A-3 skipped", "A-4 skipped");
            assertThat(Double.parseDouble(
                            String.valueOf(at(results(), "usual", "first", "servers", 0, "expectedShare"))))
                    .as("told by a plan")
                    .isBetween(0.3, 0.4)
                    .isNotEqualTo(1.0 / 3);

            assertThat(analyze("--requests", "400", "--url", url, "--allow-changes"))
                    .as(out.toString())
                    .isZero();

            assertThat(out.toString()).contains("A-2 passed: 2 to 6 servers");
            assertThat(client.servers()).containsExactly("Server 1", "Server 2", "Server 3");
        }
    }

    @Test
    void another_balancer_with_demo_servers_is_analyzed_without_the_endpoint_checks() throws Exception {
        Path haproxy = Path.of("/usr/sbin/haproxy");
        Assumptions.assumeTrue(Files.isExecutable(haproxy), "HAProxy is installed");
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (DemoServer one = DemoServer.start("S1", any, DemoServer.Load.NONE);
                DemoServer two = DemoServer.start("S2", any, DemoServer.Load.NONE);
                DemoServer three = DemoServer.start("S3", any, DemoServer.Load.NONE)) {
            StringBuilder config = new StringBuilder("defaults\n mode http\n timeout connect 2s\n timeout client 9s\n"
                    + " timeout server 9s\nfrontend f\n bind 127.0.0.1:" + port + "\n default_backend b\nbackend b\n");
            for (DemoServer server : List.of(one, two, three)) {
                config.append(" server s").append(server.address().getPort()).append(" 127.0.0.1:");
                config.append(server.address().getPort()).append('\n');
            }
            Path file = Files.writeString(directory.resolve("haproxy.cfg"), config);
            Process process = new ProcessBuilder(haproxy.toString(), "-f", file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("haproxy.log").toFile())
                    .start();
            try {
                awaitOpen(port);
                String url = "http://127.0.0.1:" + port;

                assertThat(analyze("--requests", "400", "--url", url))
                        .as(out.toString())
                        .isZero();

                assertThat(out.toString().lines().limit(4))
                        .anyMatch(line -> line.contains("--url " + url + " needs /home"))
                        .anyMatch(line -> line.contains("GET /rep: not available; no endpoint is checked"))
                        .anyMatch(line -> line.contains("POST /add?dryRun=true: not available; equal shares"));
                assertThat(out.toString())
                        .contains("A-1 passed: 400 requests on 3 servers", "A-2 skipped", "A-3 skipped");
                assertThat(analyze("--requests", "400", "--url", url, "--allow-changes"))
                        .isEqualTo(2);
                assertThat(out.toString()).contains("--allow-changes needs /rep, /add and /rm");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static void awaitOpen(int port) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (true) {
            try (Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(open.isConnected()).isTrue();
                return;
            } catch (IOException notYet) {
                assertThat(System.nanoTime() - end).isNegative();
            }
        }
    }

    @Test
    void a_balancer_with_a_token_is_analyzed_with_the_token_and_refused_without_it() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "s3cret");
        ServeSettings settings = ServeSettings.of(List.of(
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "off",
                "--stop-timeout",
                "100", // the client of the test keeps its connection, and a stop would wait for it
                "--admin-token-file",
                token.toString(),
                "--state-dir",
                directory.resolve("state").toString()));
        try (Balancer running = Balancer.start(settings)) {
            running.awaitReady();
            String url = "http://127.0.0.1:" + running.address().getPort();

            assertThat(analyze("--requests", "400", "--url", url)).isEqualTo(2);
            assertThat(out.toString()).contains("401", "--admin-token-file");

            assertThat(analyze("--requests", "400", "--url", url, "--admin-token-file", token.toString()))
                    .as(out.toString())
                    .isZero();
            assertThat(out.toString()).contains("GET /rep: found", "A-3 passed");
        }
    }

    @Test
    void servers_that_do_not_say_their_names_are_refused_before_any_load() throws Exception {
        ReverseProxy other = ReverseProxy.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .loops(1)
                .fallback(0, request -> LocalResponse.text(404, "no such page"))
                .start();
        try (other) {
            String url = "http://127.0.0.1:" + other.address().getPort();

            assertThat(analyze("--url", url)).isEqualTo(2);

            assertThat(out.toString()).contains("cannot be analyzed", "/home", "404 no such page");
        }
    }

    @Test
    void a_wrong_setting_is_refused_before_anything_is_started() {
        assertThat(analyze("--requests", "0")).isEqualTo(2);
        assertThat(analyze("--rate", "0")).isEqualTo(2);
        assertThat(analyze("--allow-changes")).isEqualTo(2);
        assertThat(analyze("--url", "ftp://x")).isEqualTo(2);
        assertThat(analyze("--pool", "nothing:")).isEqualTo(2);
        assertThat(analyze("--", "--no-such-option")).isEqualTo(2);
        assertThat(out.toString())
                .contains(
                        "--requests '0'",
                        "--rate '0.0'",
                        "--allow-changes",
                        "'ftp://x'",
                        "nothing",
                        "--no-such-option");
    }
}
