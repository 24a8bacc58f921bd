package io.github.lbkit.testkit.pool;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.pool.PriorityOptions;
import io.github.lbkit.api.pool.PriorityPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.FakeLauncher;
import io.github.lbkit.testkit.FakePlatform;
import io.github.lbkit.testkit.ManagedServerPoolContract;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.ScriptedPool;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

class ManagedPriorityPoolContractTest extends ManagedServerPoolContract {
    private final ManualScheduler scheduler = new ManualScheduler();

    @Override
    protected ManagedServerPool openManaged() {
        FakeLauncher launcher = new FakePlatform(scheduler).newLauncher();
        SupervisedPool near = SupervisedPool.open(
                new PoolContext("near", scheduler.asRuntimes(), Path.of("unused")),
                launcher,
                SupervisedOptions.builder()
                        .servers(List.of("A", "B", "C"))
                        .maxServers(20)
                        .probe(launcher.probe())
                        .random(new Random(7)::nextLong)
                        .build());
        return (ManagedServerPool) PriorityPool.open(
                new PoolContext("both", scheduler.asRuntimes(), Path.of("unused")),
                List.of(near, new ScriptedPool("far")),
                PriorityOptions.DEFAULTS);
    }

    @Override
    protected Await await() {
        return Await.moving(scheduler);
    }
}
