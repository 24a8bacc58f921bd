package io.github.lbkit.docker;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.ManagedServerPoolContract;
import io.github.lbkit.testkit.docker.FakeEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract suite on the fake engine, without Docker. */
class FakeEnginePoolContractTest extends ManagedServerPoolContract {
    private static final FakeEngine ENGINE = FakeEngine.builder().tcp().start();
    private static int pools;

    @TempDir
    private Path state;

    @AfterAll
    static void closeEngine() {
        ENGINE.close();
    }

    @Override
    protected ManagedServerPool openManaged() {
        return DockerServerPool.open(
                new PoolContext("contract-" + ++pools, Runtimes.system(), state),
                DockerOptions.image(FakeEngine.IMAGE, 8080)
                        .engine(ENGINE.tcpHost())
                        .build(),
                SupervisedOptions.builder()
                        .servers(List.of("A", "B", "C"))
                        .maxServers(10)
                        .drainTimeout(Duration.ofSeconds(5))
                        .build());
    }
}
