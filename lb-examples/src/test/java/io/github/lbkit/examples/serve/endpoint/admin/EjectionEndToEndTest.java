package io.github.lbkit.examples.serve.endpoint.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.demo.DemoServer;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that answers with 500 is taken out, and clients stop seeing it. */
class EjectionEndToEndTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path state;

    @Test
    void a_server_that_answers_500_is_ejected() throws Exception {
        DemoServer.Load failing = new DemoServer.Load(Duration.ZERO, 1, false);
        try (DemoServer bad = DemoServer.start("bad", ANY_PORT, failing);
                DemoServer good = DemoServer.start("good", ANY_PORT, DemoServer.Load.NONE);
                RunningBalancer running = new RunningBalancer(
                        state,
                        "--policy",
                        "round-robin",
                        "--pool",
                        "static:bad=127.0.0.1:" + bad.address().getPort() + ",good=127.0.0.1:"
                                + good.address().getPort())) {
            int failures = 0;
            for (int i = 0; i < 100; i++) {
                failures += running.get("/home").status() == 500 ? 1 : 0;
            }

            assertThat(failures).as("five in a row, and perhaps one trial").isBetween(5, 6);
            assertThat(RawHttp.get(running.admin, "/explain?key=x").body())
                    .contains("{\"id\":\"bad\",\"state\":\"READY\",\"skipped\":\"EJECTED\"}");
        }
    }

    @Test
    void an_operator_sees_why_a_server_is_ejected_and_for_how_long_and_ends_the_ejection() throws Exception {
        DemoServer.Load failing = new DemoServer.Load(Duration.ZERO, 1, false);
        Path token = Files.writeString(state.resolve("token"), "s3cret\n");
        try (DemoServer bad = DemoServer.start("bad", ANY_PORT, failing);
                DemoServer good = DemoServer.start("good", ANY_PORT, DemoServer.Load.NONE);
                RunningBalancer running = new RunningBalancer(
                        state,
                        "--admin-token-file",
                        token.toString(),
                        "--admin-open-reads",
                        "--policy",
                        "round-robin",
                        "--pool",
                        "static:bad=127.0.0.1:" + bad.address().getPort() + ",good=127.0.0.1:"
                                + good.address().getPort())) {
            for (int i = 0; i < 20; i++) {
                running.get("/home");
            }
            assertThat(RawHttp.get(running.admin, "/servers").body())
                    .containsPattern("\"id\":\"bad\".*\"pickable\":false,\"skipped\":\"EJECTED\","
                            + "\"ejected\":\\{\"reason\":\"CONSECUTIVE_FAILURES\",\"millisLeft\":[1-9][0-9]*}")
                    .containsPattern("\"id\":\"good\".*\"pickable\":true");
            assertThat(RawHttp.json(running.admin, "POST", "/servers/bad/readmit", "{}")
                            .status())
                    .isEqualTo(401);

            RawHttp readmitted = readmit(running, "bad");

            assertThat(readmitted.status()).isEqualTo(200);
            assertThat(readmitted.body())
                    .contains("\"id\":\"bad\"")
                    .contains("\"pickable\":true")
                    .doesNotContain("ejected");
            assertThat(readmit(running, "bad").status()).isEqualTo(409);
            assertThat(readmit(running, "nobody").status()).isEqualTo(404);
            assertThat(RawHttp.get(running.admin, "/servers/bad/readmit").status())
                    .isEqualTo(405);
        }
    }

    private static RawHttp readmit(RunningBalancer running, String id) throws Exception {
        return RawHttp.send(
                running.admin,
                "POST",
                "/servers/" + id + "/readmit",
                "{}",
                "Content-Type: application/json",
                "Authorization: Bearer s3cret");
    }
}
