package io.github.lbkit.examples.serve.endpoint.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.examples.Main;
import io.github.lbkit.examples.testing.LocalEngine;
import io.github.lbkit.examples.testing.NeedsEngine;
import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RepeatedRequests;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Rolling out an image through the admin listener: a real engine, real containers, real requests. */
@NeedsEngine
class DockerRolloutTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();

    private int rollout(RunningBalancer running, String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("rollout", "--admin", "http://127.0.0.1:" + running.admin.getPort()));
        all.addAll(List.of(arguments));
        CommandLine line = new CommandLine(new Main());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(out, true));
        return Main.run(all, line);
    }

    private static String answer(RunningBalancer running) throws Exception {
        return RawHttp.get(running.traffic, "/").body().strip();
    }

    private Path folder(String name) throws Exception {
        return Files.createDirectory(directory.resolve(name));
    }

    @Test
    void a_new_image_takes_over_under_load_a_missing_one_is_refused_and_a_rollout_is_reverted() throws Exception {
        try (LocalEngine engine = new LocalEngine()) {
            String old = engine.build("old", folder("old"));
            String young = engine.build("young", folder("young"));
            String pool = "docker:" + old + "?port=" + LocalEngine.PORT
                    + "&servers=3&probe-path=/&drain-seconds=5&engine=" + engine.address();
            try (RunningBalancer running = new RunningBalancer(folder("state"), "--pool", pool);
                    RepeatedRequests requests = RepeatedRequests.to(running.traffic, "/", 4)) {
                assertThat(answer(running)).isEqualTo("old");

                assertThat(rollout(running, "--image", young, "--surge", "2"))
                        .as(out.toString())
                        .isZero();
                assertThat(answer(running)).isEqualTo("young");

                assertThat(rollout(running, "--image", "lb-test/nobody-built-this:3"))
                        .isEqualTo(2);
                assertThat(out.toString()).contains("No such image");
                assertThat(answer(running)).isEqualTo("young");

                assertThat(rollout(running, "--image", old)).as(out.toString()).isZero();
                assertThat(answer(running)).isEqualTo("old");
                assertThat(rollout(running, "--revert")).as(out.toString()).isZero();
                assertThat(answer(running)).isEqualTo("young");

                assertThat(requests.wrong()).isEmpty();
                assertThat(requests.answered()).isPositive();
            }
        }
    }
}
