package io.github.lbkit.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.real.NeedsEngine;
import io.github.lbkit.docker.real.RealEngine;
import io.github.lbkit.docker.real.TestImage;
import io.github.lbkit.testkit.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The report of a container's end: its exit code, the signal, memory, and its last output. */
@NeedsEngine
class ContainerEndTest {
    private static final String LINES = "for i in $(/bin/busybox seq 25); do echo line $i; done; printf 'bell \\a\\n';";
    private static final String SERVE = "exec /bin/busybox httpd -f -p 8080 -h /www";

    private final Await await = Await.inRealTime();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final LaunchRequest request = new LaunchRequest("S1", 1, "s1-1", false, Map.of());
    private DockerLauncher launcher = launcher("");

    private static DockerLauncher launcher(String script) {
        DockerOptions options = DockerOptions.image(TestImage.NAME, TestImage.PORT)
                .label(RealEngine.RUN_LABEL, RealEngine.RUN)
                .command(List.of("/bin/busybox", "sh", "-c", script))
                .memory(16L << 20)
                .build();
        String pool = "ends-" + UUID.randomUUID().toString().substring(0, 8);
        return DockerLauncher.open(new PoolContext(pool, Runtimes.system(), Path.of("unused")), options);
    }

    @BeforeAll
    static void buildImage() throws IOException {
        TestImage.build();
    }

    @AfterEach
    void close() {
        await.value(launcher.terminate("S1", 1, Duration.ZERO));
        launcher.close();
    }

    private LaunchedInstance launch(String script) {
        launcher.close();
        launcher = launcher(script);
        launcher.watch((id, generation, detail) -> told.add(detail));
        return await.value(launcher.launch(request));
    }

    @Test
    void a_killed_container_is_reported_with_its_signal_and_its_last_twenty_lines() {
        LaunchedInstance launched = launch(LINES + SERVE);

        RealEngine.kill(launched.handle());
        await.until("its end is told with its output", () -> told.stream().anyMatch(one -> one.contains("line 25")));

        String last = told.get(told.size() - 1);
        assertThat(told.get(0)).doesNotContain("line 25"); // the death itself does not wait for the engine's answer
        assertThat(last)
                .startsWith("exited with code 137 (SIGKILL)")
                .contains("'line 25'", "'line 8'", "bell \\u0007")
                .doesNotContain("'line 5'")
                .doesNotContain("\u0007");
    }

    @Test
    void a_container_that_ends_at_once_is_reported_with_its_last_twenty_lines() {
        launcher.close();
        launcher = launcher(LINES + " exit 3");
        launcher.watch((id, generation, detail) -> told.add(detail));

        // it has ended before the launch looks at it, or after
        var unused = launcher.launch(request).whenComplete((launched, e) -> {
            if (e != null) {
                told.add(String.valueOf(e.getMessage()));
            }
        });
        await.until("its end is told with its output", () -> told.stream().anyMatch(one -> one.contains("'line 25'")));

        assertThat(told).anyMatch(one -> one.contains("exited with code 3") && one.contains("'line 8'"));
    }

    @Test
    void a_container_that_ran_out_of_memory_is_reported_as_out_of_memory() {
        launch("echo fed; /bin/busybox sleep 1; x=a; while :; do x=$x$x; done");

        await.until("its end is told", () -> told.stream().anyMatch(one -> one.contains("'fed'")));

        assertThat(told).anyMatch(one -> one.startsWith("exited with code 137 (SIGKILL), out of memory"));
    }
}
