package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.demo.DemoServer;
import io.github.lbkit.examples.testing.KeptAlive;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.ServeProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The access log of a process whose standard error stream nobody reads. */
class BlockedLogTest {
    private static final int REQUESTS = 10_000;
    private static final Pattern DROPPED = Pattern.compile("(\\d+) lines of the access log were dropped");

    @TempDir
    Path dir;

    @Test
    void a_full_pipe_holds_up_no_request_and_every_line_is_written_or_reported() throws Exception {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        String target = "/home?" + "x".repeat(500);
        try (DemoServer server = DemoServer.start("s", free, DemoServer.Load.NONE);
                ServeProcess serve = ServeProcess.start(
                        dir,
                        List.of(),
                        true,
                        "--access-log",
                        "--pool",
                        "static:http://127.0.0.1:" + server.address().getPort());
                KeptAlive client = new KeptAlive(serve.traffic)) {
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(client.get(target)).isEqualTo(200);
            }
            String dropped = RawHttp.get(serve.admin, "/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("lbkit_proxy_log_lines_dropped_total{listener=\"traffic\"}"))
                    .findFirst()
                    .orElseThrow();
            assertThat(Double.parseDouble(dropped.substring(dropped.indexOf('}') + 1)))
                    .isBetween(1.0, REQUESTS - 1.0);
            client.leave();
            serve.signal("TERM");

            String log = new String(serve.process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(serve.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            long written =
                    log.lines().filter(line -> line.contains(" GET /home?")).count();
            assertThat(written + reported(log)).isEqualTo(REQUESTS);
        }
    }

    private static long reported(String log) {
        Matcher matcher = DROPPED.matcher(log);
        long sum = 0;
        while (matcher.find()) {
            sum += Long.parseLong(matcher.group(1));
        }
        return sum;
    }
}
