package io.github.lbkit.docker;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.real.NeedsEngine;
import io.github.lbkit.docker.real.RealEngine;
import io.github.lbkit.docker.real.TestImage;
import io.github.lbkit.testkit.ManagedServerPoolContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

@NeedsEngine
class DockerServerPoolContractTest extends ManagedServerPoolContract {
    @TempDir
    private Path state;

    @BeforeAll
    static void buildImage() throws IOException {
        TestImage.build();
    }

    @Override
    protected ManagedServerPool openManaged() {
        String name = "contract-" + UUID.randomUUID().toString().substring(0, 8);
        return DockerServerPool.open(
                new PoolContext(name, Runtimes.system(), state),
                DockerOptions.image(TestImage.NAME, TestImage.PORT)
                        .label(RealEngine.RUN_LABEL, RealEngine.RUN)
                        .build(),
                SupervisedOptions.builder()
                        .servers(List.of("A", "B", "C"))
                        .maxServers(10)
                        .drainTimeout(Duration.ofSeconds(5))
                        .build());
    }
}
