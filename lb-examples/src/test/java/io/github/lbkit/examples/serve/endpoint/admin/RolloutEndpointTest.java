package io.github.lbkit.examples.serve.endpoint.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.supervised.RollingPool;
import io.github.lbkit.examples.Main;
import io.github.lbkit.examples.demo.ServerProcess;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RepeatedRequests;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Rolling out through the admin listener and by the command, on real server processes. */
class RolloutEndpointTest {
    private static final String TOKEN = "a-token-of-this-test";

    @TempDir
    Path state;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @SuppressWarnings("NullAway.Init") // each test begins with one
    private RunningBalancer running;

    @BeforeEach
    void start() throws Exception {
        running = new RunningBalancer(
                state,
                "--admin-token-file",
                Files.writeString(state.resolve("token"), TOKEN).toString(),
                "--admin-open-reads");
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private int rollout(String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "rollout",
                "--admin",
                "http://127.0.0.1:" + running.admin.getPort(),
                "--admin-token-file",
                state.resolve("token").toString()));
        all.addAll(List.of(arguments));
        CommandLine line = new CommandLine(new Main());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return Main.run(all, line);
    }

    /** A command that differs from the demo servers' own by one property, and has no comma. */
    private static String anotherCommand() {
        return String.join(
                ",",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dlbkit.test=another",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ServerProcess.class.getName(),
                "{id}",
                ServerProcess.UNTIL_STDIN_ENDS);
    }

    private Map<String, Long> generations() {
        Map<String, Long> generations = new TreeMap<>();
        for (Server server : running.balancer.loadBalancer().membership().servers()) {
            if (server.state() == Server.State.READY) {
                generations.put(
                        server.id(), server.instance().map(Instance::generation).orElseThrow());
            }
        }
        return generations;
    }

    @Test
    void another_command_is_rolled_out_and_back_and_no_request_fails() throws Exception {
        Map<String, Long> before = generations();
        try (RepeatedRequests requests = RepeatedRequests.to(running.traffic, 4)) {
            assertThat(rollout("--command", anotherCommand()))
                    .as(out.toString())
                    .isZero();
            Map<String, Long> after = generations();
            assertThat(after.keySet()).isEqualTo(before.keySet());
            assertThat(after.values()).doesNotContainAnyElementsOf(before.values());

            assertThat(requests.wrong()).isEmpty();
            assertThat(requests.answered()).isPositive();
        }
        assertThat(out.toString()).contains("Server 3 is new", "complete: 3 of 3 servers have it");
        assertThat(RawHttp.get(running.admin, "/rollout").body()).startsWith("{\"state\":\"complete\",\"number\":1,");
    }

    @Test
    void a_command_that_fails_stops_the_rollout_and_the_old_servers_stay() throws Exception {
        Map<String, Long> before = generations();
        try (RepeatedRequests requests = RepeatedRequests.to(running.traffic, 2)) {
            assertThat(rollout("--command", "/bin/false,{id}")).isEqualTo(1);

            assertThat(requests.wrong()).isEmpty();
        }
        assertThat(generations()).isEqualTo(before);
        assertThat(out.toString()).contains("Server 1 failed: ", "stopped: 0 of 3 servers have it");
        assertThat(rollout("--revert")).isZero();
        assertThat(generations()).isEqualTo(before);
    }

    @Test
    void a_complete_rollout_is_reverted_and_without_one_there_is_nothing_to_revert() throws Exception {
        assertThat(rollout("--revert")).isEqualTo(2);
        assertThat(err.toString()).contains("nothing was rolled out");
        RollingPool pool = (RollingPool) running.balancer.loadBalancer().pool();
        String first = pool.spec().hash();
        assertThat(rollout("--command", anotherCommand())).isZero();
        assertThat(pool.spec().hash()).isNotEqualTo(first);

        assertThat(rollout("--revert")).isZero();

        assertThat(pool.specs().values()).hasSize(3).allMatch(first::equals);
    }

    @Test
    void without_something_to_roll_out_the_latest_is_shown() {
        assertThat(rollout()).isZero();

        assertThat(out.toString()).contains("there has been no rollout since the start");
    }

    @Test
    void the_command_reports_a_refusal() {
        assertThat(rollout("--image", "shop:2")).isEqualTo(2);

        assertThat(err.toString()).contains("are not containers");
    }

    @Test
    void the_command_reports_an_unreachable_balancer() {
        int port = running.admin.getPort();
        running.close();

        assertThat(rollout("--revert")).isEqualTo(1);
        assertThat(err.toString()).contains("no balancer answers at http://127.0.0.1:" + port);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{}                                | 400 | names nothing to roll out",
                "{'image':'a','revert':true}       | 400 | names more than one thing",
                "{'image':7}                       | 400 | the name of an image",
                "{'revert':false}                  | 400 | allowed: true",
                "{'revert':true,'surge':0}         | 400 | surge",
                "{'command':'ls'}                  | 400 | an array of words",
                "{'command':['ls',1]}              | 400 | an array of words",
                "{'command':[]}                    | 400 | names no program",
                "{'colour':'red'}                  | 400 | key 'colour' is not known",
                "{'image':'shop:2'}                | 409 | are not containers",
                "[1]                               | 400 | not a JSON object",
                "{                                 | 400 | not JSON"
            })
    void a_body_that_is_wrong_is_refused_with_what_is_allowed(String body, int status, String part) throws Exception {
        RawHttp refused = RawHttp.send(
                running.admin,
                "POST",
                "/rollout",
                body.replace('\'', '"'),
                "Content-Type: application/json",
                "Authorization: Bearer " + TOKEN);

        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.body()).contains("<Error>", part);
        assertThat(RawHttp.get(running.admin, "/rollout").body()).isEqualTo("{\"state\":\"none\"}");
    }

    @Test
    void other_origins_other_content_and_those_without_the_token_are_kept_away() throws Exception {
        String body = "{\"revert\":true}";
        String token = "Authorization: Bearer " + TOKEN;
        String json = "Content-Type: application/json";

        assertThat(RawHttp.send(running.admin, "POST", "/rollout", body, token, json, "Origin: http://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(RawHttp.send(running.admin, "POST", "/rollout", body, token, "Content-Type: text/plain")
                        .status())
                .isEqualTo(415);
        assertThat(RawHttp.send(running.admin, "POST", "/rollout", body, json).status())
                .isEqualTo(401);
        assertThat(RawHttp.send(running.admin, "DELETE", "/rollout", "", token).status())
                .isEqualTo(405);
        assertThat(RawHttp.get(running.traffic, "/rollout").status())
                .as("the traffic listener knows nothing of it")
                .isEqualTo(400);
    }

    @Test
    void commands_are_taken_with_a_token_alone_and_fixed_servers_have_none() throws Exception {
        try (RunningBalancer open = new RunningBalancer(state.resolve("open"), "--servers", "1")) {
            RawHttp refused = RawHttp.json(open.admin, "POST", "/rollout", "{\"command\":[\"touch\",\"{port}\"]}");

            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("--admin-token-file");
        }
        try (RunningBalancer fixed =
                new RunningBalancer(state.resolve("fixed"), "--pool", "static:http://127.0.0.1:9")) {
            RawHttp refused = RawHttp.json(fixed.admin, "POST", "/rollout", "{\"image\":\"shop:2\"}");

            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.body()).contains("are not launched by this balancer");
        }
    }
}
