package io.github.lbkit.testkit.pool.supervised;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.FakeLauncher;
import io.github.lbkit.testkit.FakePlatform;
import io.github.lbkit.testkit.ManagedServerPoolContract;
import io.github.lbkit.testkit.ManualScheduler;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

class SupervisedPoolContractTest extends ManagedServerPoolContract {
    private final ManualScheduler scheduler = new ManualScheduler();

    @Override
    protected ManagedServerPool openManaged() {
        FakeLauncher launcher = new FakePlatform(scheduler).newLauncher();
        return SupervisedPool.open(
                new PoolContext("contract", scheduler.asRuntimes(), Path.of("unused")),
                launcher,
                SupervisedOptions.builder()
                        .servers(List.of("A", "B", "C"))
                        .maxServers(20)
                        .probe(launcher.probe())
                        .random(new Random(7)::nextLong)
                        .build());
    }

    @Override
    protected Await await() {
        return Await.moving(scheduler);
    }
}
