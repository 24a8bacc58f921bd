package io.github.lbkit.examples.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.Main;
import io.github.lbkit.examples.serve.Balancer;
import io.github.lbkit.examples.serve.ServeSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        assertThat(analyze("--requests", "400", "--rate", "1000", "--seed", "7"))
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
                "--state-dir",
                directory.resolve("state").toString()));
        try (Balancer running = Balancer.start(settings)) {
            running.awaitReady();
            String url = "http://127.0.0.1:" + running.address().getPort();
            SeedClient client = new SeedClient(running.address());
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
