package io.github.lbkit.docker;

import io.github.lbkit.api.ServerPool;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.ServerPoolContract;
import io.github.lbkit.testkit.docker.FakeEngine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class SwarmServerPoolContractTest extends ServerPoolContract {
    private FakeEngine engine;

    @BeforeEach
    void startEngine() {
        engine = FakeEngine.builder().tcp().start();
        engine.swarm().init("one", "two");
        engine.swarm().createService("shop", 2, 8080);
        Await.inRealTime().until("two run", () -> engine.swarm().running("shop").equals(List.of(1, 2)));
    }

    @AfterEach
    void closeEngine() {
        engine.close();
    }

    @Override
    protected ServerPool open() {
        return SwarmServerPool.open(
                FakeEngines.context("contract"),
                SwarmOptions.service("shop").host(engine.host()).build());
    }
}
