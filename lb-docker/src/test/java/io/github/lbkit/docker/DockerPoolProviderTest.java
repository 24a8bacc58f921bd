package io.github.lbkit.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.docker.FakeEngine;
import java.nio.file.Path;
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
                "docker:shop:1?port=80&colour=red | colour"
            })
    void a_wrong_uri_is_refused_naming_what_is_wrong_and_what_is_allowed(String uri, String named) {
        assertThatThrownBy(() -> open(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }
}
