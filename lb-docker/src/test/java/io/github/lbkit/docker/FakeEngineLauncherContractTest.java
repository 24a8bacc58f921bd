package io.github.lbkit.docker;

import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.Launcher;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.LauncherContract;
import io.github.lbkit.testkit.docker.FakeEngine;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract suite on the fake engine, without Docker. */
class FakeEngineLauncherContractTest extends LauncherContract {
    private static final FakeEngine ENGINE = FakeEngine.builder().tcp().start();
    private static int pools;

    private final String pool = "contract-" + ++pools;
    private final DockerOptions options =
            DockerOptions.image(FakeEngine.IMAGE, 8080).engine(ENGINE.tcpHost()).build();

    @TempDir
    private Path state;

    @AfterAll
    static void closeEngine() {
        ENGINE.close();
    }

    @Override
    protected Launcher open() {
        return DockerLauncher.open(new PoolContext(pool, Runtimes.system(), state), options);
    }

    @Override
    protected Optional<LaunchSpec> otherSpec() {
        ENGINE.images().add("lbkit/fake-young");
        return Optional.of(options.withImage("lbkit/fake-young"));
    }

    @Override
    protected void kill(LaunchedInstance launched) {
        ENGINE.containers().kill(launched.name() + "." + pool);
    }
}
