package io.github.lbkit.docker;

import io.github.lbkit.api.ServerPool;
import io.github.lbkit.testkit.ServerPoolContract;
import io.github.lbkit.testkit.docker.FakeEngine;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class DockerDiscoveryPoolContractTest extends ServerPoolContract {
    @TempDir
    Path directory;

    private FakeEngine engine;

    @BeforeEach
    void startEngine() {
        engine = FakeEngine.builder().socket(directory.resolve("s")).start();
        engine.containers().run(FakeEngines.shop("web-1"));
        engine.containers().run(FakeEngines.shop("web-2"));
    }

    @AfterEach
    void closeEngine() {
        engine.close();
    }

    @Override
    protected ServerPool open() {
        return DockerDiscoveryPool.open(
                FakeEngines.context("contract"),
                DiscoveryOptions.pool("shop").host(engine.host()).build());
    }
}
