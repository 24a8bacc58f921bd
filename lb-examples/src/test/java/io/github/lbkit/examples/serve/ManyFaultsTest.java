package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.json.JsonTree;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import io.github.lbkit.examples.testing.ServeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log of docs/operations.md: failures of a pool of processes, one after the other. Each query
 * of the page runs over the log of the day, and each event that the page shows is in the log. The log is kept in
 * target/bad-day.json.
 */
@EnabledIf("hasJq")
class ManyFaultsTest {
    private static final Path PAGE = Path.of("..", "docs", "operations.md");
    private static final Pattern QUERY = Pattern.compile("^jq .* balancer\\.log$", Pattern.MULTILINE);
    private static final Pattern SHOWN_EVENT =
            Pattern.compile("^\\d\\d:\\d\\d:\\d\\d\\.\\d{3} [A-Z]+ (\\S+) ", Pattern.MULTILINE);

    @TempDir
    Path dir;

    static boolean hasJq() {
        return List.of(System.getenv("PATH").split(":", -1)).stream()
                .anyMatch(dir -> Files.isExecutable(Path.of(dir, "jq")));
    }

    private static List<String> events(ServeProcess serve) {
        List<String> events = new ArrayList<>();
        for (String line : ServeProcess.read(serve.err).split("\n", -1)) {
            if (line.endsWith("}")) { // not a line that is being written
                events.add(event(line));
            }
        }
        return events;
    }

    private static String event(String line) {
        try {
            Object event = ((Map<?, ?>) JsonTree.read(line)).get("event");
            return event == null ? "-" : event.toString();
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private static void await(ServeProcess serve, String event, int times) {
        RunningBalancer.await(
                times + " times " + event,
                () -> events(serve).stream().filter(event::equals).count() >= times);
    }

    private static void awaitFit(ServeProcess serve, int fit) {
        RunningBalancer.await(fit + " fit servers", () -> get(serve, "/ready").contains("\"fit\":" + fit));
    }

    private static String get(ServeProcess serve, String path) {
        try {
            return RawHttp.get(serve.admin, path).body();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void signal(String name, ProcessHandle server) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(server.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static List<ProcessHandle> servers(ServeProcess serve) {
        return serve.process.children().toList();
    }

    private static void killOne(ServeProcess serve, int fit) throws Exception {
        ProcessHandle victim = servers(serve).get(0);
        signal("KILL", victim);
        RunningBalancer.await("the victim is gone", () -> !victim.isAlive());
        awaitFit(serve, fit);
    }

    private static void change(ServeProcess serve, String method, String target, String body) throws IOException {
        RawHttp.json(serve.admin, method, target, body);
    }

    private void day(ServeProcess serve) throws Exception {
        killOne(serve, 3);
        killOne(serve, 3);
        ProcessHandle hanging = servers(serve).get(0);
        signal("STOP", hanging);
        RunningBalancer.await("an ejection", () -> {
            try {
                RawHttp.get(serve.traffic, "/home");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return events(serve).contains("ejected");
        });
        signal("CONT", hanging);
        RunningBalancer.await("the end of the ejection", () -> {
            try {
                RawHttp.get(serve.traffic, "/home");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return events(serve).contains("returned");
        });
        signal("STOP", servers(serve).get(0));
        await(serve, "unfit", 1);
        awaitFit(serve, 3);
        change(serve, "POST", "/add", "{\"n\":1,\"hostnames\":[\"S5\"]}");
        change(serve, "POST", "/add", "{\"n\":1,\"hostnames\":[\"S5\"]}");
        change(serve, "PUT", "/servers/S5", "{\"override\":\"DRAIN\"}");
        change(serve, "PUT", "/servers/S5", "{\"override\":\"NONE\"}");
        change(serve, "DELETE", "/rm", "{\"n\":1,\"hostnames\":[\"S5\"]}");
        RunningBalancer.await("three servers", () -> servers(serve).size() == 3);
        List<ProcessHandle> all = servers(serve);
        for (ProcessHandle server : all) {
            signal("STOP", server);
        }
        await(serve, "fail-open-begins", 1);
        for (ProcessHandle server : all) {
            signal("CONT", server);
        }
        await(serve, "fail-open-ends", 1);
        awaitFit(serve, 3);
        serve.signal("TERM");
        await(serve, "stop-begun", 1);
        RawHttp.get(serve.traffic, "/home");
        assertThat(serve.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(serve.process.exitValue()).isZero();
    }

    @Test
    void the_page_shows_what_the_log_of_the_day_says_and_its_queries_run() throws Exception {
        Path log;
        try (ServeProcess serve = ServeProcess.start(
                dir,
                "--log-format",
                "json",
                "--policy",
                "round-robin",
                "--response-timeout",
                "200",
                "--health-interval",
                "1500",
                "--drain-delay",
                "1000",
                "--stop-timeout",
                "500")) {
            awaitFit(serve, 3);
            day(serve);
            log = Files.copy(serve.err, dir.resolve("balancer.log"));
            Files.createDirectories(Path.of("target"));
            Files.writeString(Path.of("target", "bad-day.json"), Files.readString(log));
        }
        Set<String> happened = Files.readAllLines(log).stream()
                .map(ManyFaultsTest::event)
                .collect(Collectors.toCollection(TreeSet::new));
        String page = Files.readString(PAGE);
        Set<String> shown = new TreeSet<>();
        Matcher events = SHOWN_EVENT.matcher(page);
        while (events.find()) {
            shown.add(events.group(1));
        }
        assertThat(shown).hasSizeGreaterThan(10);
        assertThat(happened).containsAll(shown);

        List<String> queries =
                QUERY.matcher(page).results().map(result -> result.group()).toList();
        assertThat(queries).hasSizeGreaterThan(4);
        for (String query : queries) {
            Process jq = new ProcessBuilder("sh", "-c", query)
                    .directory(dir.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(jq.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(jq.waitFor()).as(query).isZero();
            assertThat(output).as(query).isNotBlank();
        }
    }
}
