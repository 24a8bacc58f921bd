package io.github.lbkit.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.docker.real.NeedsEngine;
import io.github.lbkit.docker.real.RealEngine;
import io.github.lbkit.docker.real.TestImage;
import io.github.lbkit.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each setting of a pool's URI appears in the engine's inspection of the container. */
@NeedsEngine
class ContainerSettingsTest {
    private static final String NAME =
            "settings-" + UUID.randomUUID().toString().substring(0, 8);

    @TempDir
    private static Path directory;

    private static Json made = Json.ABSENT;

    @BeforeAll
    static void open() throws IOException {
        TestImage.build();
        Path file = Files.writeString(directory.resolve("env"), "FROM_FILE=a,b=c\nB=file\n");
        Files.writeString(directory.resolve("note"), "well");
        String uri = "docker:" + TestImage.NAME + "?port=" + TestImage.PORT
                + "&command=/bin/busybox&command=httpd&command=-f&command=-p&command=8080&command=-h&command=/www"
                + "&command=-r"
                + "&command=a,b"
                + "&env=A=1,2&env=B=3&env-file=" + file
                + "&mount=type=bind,source=" + directory + ",target=/notes,readonly"
                + "&mount=type=volume,source=" + NAME + ",target=/data"
                + "&mount=type=tmpfs,target=/scratch,size=65536"
                + "&label=team=a,b=c&label=" + RealEngine.RUN_LABEL + "=" + RealEngine.RUN
                + "&log-driver=json-file&log-opt=max-size=1m&log-opt=max-file=2"
                + "&stop-signal=SIGQUIT&user=1000:1000&workdir=/www";
        try (ServerPool pool = ServerPools.installed().open(uri, new PoolContext(NAME, Runtimes.system(), directory))) {
            Await.inRealTime()
                    .until(
                            "it serves",
                            () -> pool.membership().servers().stream()
                                    .anyMatch(server -> server.state() == Server.State.READY));
            String container =
                    pool.membership().servers().get(0).instance().orElseThrow().name() + "." + NAME;
            made = RealEngine.engine().ask(EngineCall.get("/containers/" + container + "/json"));
        }
    }

    @AfterAll
    static void removeVolume() {
        RealEngine.engine().bytes(EngineCall.delete("/volumes/" + NAME));
    }

    @Test
    void words_of_a_command_that_is_repeated_keep_their_commas() {
        assertThat(made.at("Config", "Cmd").toString()).endsWith("\"-r\",\"a,b\"]");
    }

    @Test
    void variables_keep_their_commas_and_come_before_those_of_files() {
        assertThat(made.at("Config", "Env").toString())
                .contains("\"A=1,2\"", "\"B=3\"", "\"FROM_FILE=a,b=c\"")
                .doesNotContain("B=file");
    }

    @Test
    void a_bind_is_read_only_and_a_volume_is_not() {
        String mounts = made.at("Mounts").toString();

        assertThat(mounts)
                .contains("\"Destination\":\"/notes\"", "\"Name\":\"" + NAME + "\"", "\"Destination\":\"/data\"");
        assertThat(made.at("Mounts").elements())
                .anyMatch(one -> one.at("Destination").text("").equals("/notes")
                        && one.at("Type").text("").equals("bind")
                        && !one.at("RW").bool(true))
                .anyMatch(one -> one.at("Destination").text("").equals("/data")
                        && one.at("Type").text("").equals("volume")
                        && one.at("RW").bool(false));
    }

    @Test
    void memory_is_mounted_with_its_size() {
        assertThat(made.at("HostConfig", "Mounts").toString())
                .contains("\"Target\":\"/scratch\"", "\"SizeBytes\":65536");
    }

    @Test
    void labels_and_logs_signal_user_and_directory_are_as_said() {
        assertThat(made.at("Config", "Labels").texts()).containsEntry("team", "a,b=c");
        assertThat(made.at("HostConfig", "LogConfig", "Type").text("")).isEqualTo("json-file");
        assertThat(made.at("HostConfig", "LogConfig", "Config").texts())
                .containsEntry("max-size", "1m")
                .containsEntry("max-file", "2");
        assertThat(made.at("Config", "StopSignal").text("")).isEqualTo("SIGQUIT");
        assertThat(made.at("Config", "User").text("")).isEqualTo("1000:1000");
        assertThat(made.at("Config", "WorkingDir").text("")).isEqualTo("/www");
    }
}
