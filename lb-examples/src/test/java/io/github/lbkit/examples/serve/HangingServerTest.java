package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose process stands still is found by its health checks, and is back when it goes on. */
class HangingServerTest {
    @TempDir
    Path state;

    @Test
    void a_hanging_server_gets_no_requests_and_comes_back() throws Exception {
        try (RunningBalancer running = new RunningBalancer(state, "--health-interval", "100")) {
            long victim =
                    ProcessHandle.current().children().findFirst().orElseThrow().pid();
            signal("STOP", victim);
            try {
                for (int i = 0; i < 30; i++) {
                    assertThat(running.get("/home").status()).isEqualTo(200);
                }
                RunningBalancer.await("it is found unhealthy", () -> skipped(running) == 1);
            } finally {
                signal("CONT", victim);
            }
            RunningBalancer.await("it is back", () -> skipped(running) == 0);
            assertThat(RawHttp.get(running.traffic, "/rep").body()).contains("\"N\":3");
        }
    }

    private static int skipped(RunningBalancer running) {
        try {
            String explained = RawHttp.get(running.admin, "/explain?key=x").body();
            return explained.split("\"skipped\":\"UNHEALTHY\"", -1).length - 1;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void signal(String name, long pid) throws Exception {
        List<String> command = List.of("kill", "-" + name, Long.toString(pid));
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }
}
