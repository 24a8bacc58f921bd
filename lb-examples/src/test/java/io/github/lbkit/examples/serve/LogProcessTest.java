package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.demo.DemoServer;
import io.github.lbkit.examples.json.JsonTree;
import io.github.lbkit.examples.testing.KeptAlive;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.ServeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a process: what happened, in lines that programs can read. */
class LogProcessTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path dir;

    private static List<Map<?, ?>> lines(ServeProcess serve) {
        return ServeProcess.read(serve.err)
                .lines()
                .<Map<?, ?>>map(LogProcessTest::read)
                .toList();
    }

    private static Map<?, ?> read(String line) {
        try {
            return (Map<?, ?>) JsonTree.read(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private static List<Map<?, ?>> events(ServeProcess serve, String event) {
        return lines(serve).stream()
                .filter(line -> event.equals(line.get("event")))
                .toList();
    }

    private static Map<?, ?> single(ServeProcess serve, String event) {
        List<Map<?, ?>> events = events(serve, event);
        assertThat(events).as(event).hasSize(1);
        return events.get(0);
    }

    private static void end(ServeProcess serve) throws Exception {
        serve.signal("TERM");
        assertThat(serve.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void the_log_of_a_day_has_one_line_for_each_event_with_server_and_reason() throws Exception {
        Path token = Files.writeString(dir.resolve("token"), "s3cret\n");
        DemoServer.Load failing = new DemoServer.Load(Duration.ZERO, 1, false);
        try (DemoServer bad = DemoServer.start("bad", ANY_PORT, failing);
                DemoServer good = DemoServer.start("good", ANY_PORT, DemoServer.Load.NONE);
                ServeProcess serve = ServeProcess.start(
                        dir,
                        "--log-format",
                        "json",
                        "--policy",
                        "round-robin",
                        "--access-log",
                        "--admin-token-file",
                        token.toString(),
                        "--pool",
                        "static:bad=127.0.0.1:" + bad.address().getPort() + ",good=127.0.0.1:"
                                + good.address().getPort())) {
            for (int i = 0; i < 20; i++) {
                RawHttp.get(serve.traffic, "/home");
            }
            RawHttp.send(
                    serve.admin,
                    "PUT",
                    "/servers/good",
                    "{\"override\":\"DRAIN\"}",
                    "Content-Type: application/json",
                    "Authorization: Bearer s3cret");
            RawHttp.json(serve.admin, "PUT", "/servers/good", "{\"override\":\"NONE\"}");
            end(serve);

            Map<?, ?> started = single(serve, "started");
            assertThat(started.get("policy")).isEqualTo("round-robin");
            Map<?, ?> settings = Objects.requireNonNull((Map<?, ?>) started.get("settings"));
            assertThat(settings.get("--log-format")).isEqualTo("json");
            assertThat((String) started.get("time")).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]{12}[+-]\\d\\d:\\d\\d");
            Map<?, ?> ejected = single(serve, "ejected");
            assertThat(ejected.get("server")).isEqualTo("bad");
            assertThat(ejected.get("reason")).isEqualTo("CONSECUTIVE_FAILURES");
            assertThat(ejected.get("millis")).isEqualTo("5000");
            Map<?, ?> change = single(serve, "admin-change");
            assertThat(change.get("client")).isEqualTo("127.0.0.1");
            assertThat(change.get("token")).isEqualTo("true");
            assertThat(change.get("target")).isEqualTo("/servers/good");
            assertThat(change.get("request")).isEqualTo("{\"override\":\"DRAIN\"}");
            Map<?, ?> refused = single(serve, "admin-refused");
            assertThat(refused.get("status")).isEqualTo("401");
            assertThat(refused.get("level")).isEqualTo("WARN");
            assertThat(single(serve, "override-drain").get("server")).isEqualTo("good");
            assertThat(events(serve, "request")).hasSize(20).allMatch(line -> line.get("status") != null);
            assertThat(single(serve, "stop-begun")).isNotNull();
            assertThat(single(serve, "stop-ended")).isNotNull();
            assertThat(ServeProcess.read(serve.err)).doesNotContain("s3cret");
        }
    }

    @Test
    void a_burst_of_refused_changes_does_not_flood_the_log() throws Exception {
        Path token = Files.writeString(dir.resolve("token"), "s3cret\n");
        try (DemoServer server = DemoServer.start("s", ANY_PORT, DemoServer.Load.NONE);
                ServeProcess serve = ServeProcess.start(
                        dir,
                        "--log-format",
                        "json",
                        "--admin-token-file",
                        token.toString(),
                        "--pool",
                        "static:http://127.0.0.1:" + server.address().getPort());
                KeptAlive client = new KeptAlive(serve.admin)) {
            for (int i = 0; i < 2_000; i++) {
                client.send("POST /add HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
                assertThat(client.read()).isEqualTo(401);
            }
            client.leave();
            end(serve);

            assertThat(events(serve, "admin-refused")).hasSizeBetween(10, 1_000);
            assertThat(ServeProcess.read(serve.err)).contains("admin on admin: POST /add");
        }
    }
}
