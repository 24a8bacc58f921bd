package io.github.lbkit.docker;

import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.Launcher;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.real.NeedsEngine;
import io.github.lbkit.docker.real.RealEngine;
import io.github.lbkit.docker.real.TestImage;
import io.github.lbkit.testkit.LauncherContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

@NeedsEngine
class DockerLauncherContractTest extends LauncherContract {
    private final String pool = "contract-" + UUID.randomUUID().toString().substring(0, 8);

    @TempDir
    private Path state;

    @BeforeAll
    static void buildImage() throws IOException {
        TestImage.build();
    }

    private final DockerOptions options = DockerOptions.image(TestImage.NAME, TestImage.PORT)
            .label(RealEngine.RUN_LABEL, RealEngine.RUN)
            .build();

    @Override
    protected Launcher open() {
        return DockerLauncher.open(new PoolContext(pool, Runtimes.system(), state), options);
    }

    @Override
    protected Optional<LaunchSpec> otherSpec() {
        return Optional.of(DockerOptions.image(TestImage.NAME, TestImage.PORT)
                .label(RealEngine.RUN_LABEL, RealEngine.RUN)
                .environment("YOUNG", "yes")
                .build());
    }

    @Override
    protected void kill(LaunchedInstance launched) {
        RealEngine.kill(launched.handle());
    }
}
