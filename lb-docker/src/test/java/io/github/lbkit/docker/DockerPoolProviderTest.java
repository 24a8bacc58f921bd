package io.github.lbkit.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.docker.FakeEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerPoolProviderTest {
    @TempDir
    private Path state;

    private ServerPool open(String uri) {
        return ServerPools.installed().open(uri, new PoolContext("shop", Runtimes.system(), state));
    }

    @Test
    void a_uri_opens_a_pool_of_containers() {
        try (FakeEngine engine = FakeEngine.builder().tcp().start();
                ServerPool pool = open("docker:" + FakeEngine.IMAGE + "?port=8080&servers=2&probe-path=/&env=WHO={id}"
                        + "&engine=" + engine.tcpHost())) {
            Await.inRealTime().value(pool.ready());

            assertThat(pool.membership().servers()).hasSize(2).allMatch(server -> server.state() == Server.State.READY);
        }
    }

    @Test
    void an_environment_file_is_read_and_a_wrong_line_is_named_by_its_number_alone() throws IOException {
        Path file = Files.writeString(state.resolve("env"), "# of the shop\n\nA=1,2\nB= x = y\n");
        Path wrong = Files.writeString(state.resolve("wrong"), "A=1\nsecret-without-a-name\n");

        DockerOptions options =
                DockerOptions.image("shop:1", 80).environmentFile(file).build();

        assertThat(options.environment()).containsExactlyInAnyOrderEntriesOf(Map.of("A", "1,2", "B", " x = y"));
        assertThatThrownBy(() -> DockerOptions.image("shop:1", 80).environmentFile(wrong))
                .hasMessageContaining(wrong + ", line 2")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "docker:shop:1 | port=PORT",
                "docker:?port=80 | needs an image",
                "docker:shop:1?port=0 | port",
                "docker:shop:1?port=80&servers=-1 | servers",
                "docker:shop:1?port=80&pull=sometimes | never or missing or always",
                "docker:shop:1?port=80&cpus=many | cpus",
                "docker:shop:1?port=80&memory-mb=1 | memory-mb",
                "docker:shop:1?port=80&env=NONSENSE | NAME=VALUE",
                "docker:shop:1?port=80&engine=ftp://far | unix:///",
                "docker:shop:1?port=80&port=81 | 'port' is given twice",
                "docker:shop:1?port=80&env=A=1&env=A=2 | 'A' is given twice",
                "docker:shop:1?port=80&label=lbkit.pool=x | lbkit.",
                "docker:shop:1?port=80&label=x | NAME=VALUE",
                "docker:shop:1?port=80&log-opt=max-size=1m | log-driver",
                "docker:shop:1?port=80&log-driver=a%20b | log driver",
                "docker:shop:1?port=80&stop-signal=please | stop signal",
                "docker:shop:1?port=80&workdir=here | workdir 'here'",
                "docker:shop:1?port=80&env-file=/nowhere/at/all | env-file /nowhere/at/all",
                "docker:shop:1?port=80&mount=type=bind,source=srv,target=/data | source 'srv'",
                "docker:shop:1?port=80&mount=type=nfs,source=srv,target=/data | type 'nfs'",
                "docker:shop:1?port=80&mount=type=volume,source=srv,target=data | target 'data'",
                "docker:shop:1?port=80&mount=source=/srv,target=/data | name of a volume",
                "docker:shop:1?port=80&mount=type=tmpfs,target=/t,readonly | read-only",
                "docker:shop:1?port=80&mount=type=tmpfs,target=/t,size=1g | size '1g'",
                "docker:shop:1?port=80&mount=source=a,target=/t,colour=red | 'colour'",
                "docker:shop:1?port=80&mount=source=a,target=/t&mount=source=b,target=/t | /t is given twice",
                "docker:shop:1?port=80&colour=red | colour"
            })
    void a_wrong_uri_is_refused_naming_what_is_wrong_and_what_is_allowed(String uri, String named) {
        assertThatThrownBy(() -> open(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }
}
