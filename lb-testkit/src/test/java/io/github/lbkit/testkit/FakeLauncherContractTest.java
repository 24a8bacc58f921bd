package io.github.lbkit.testkit;

import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.Launcher;
import java.util.Optional;

class FakeLauncherContractTest extends LauncherContract {
    private final ManualScheduler scheduler = new ManualScheduler();
    private final FakePlatform platform = new FakePlatform(scheduler);

    @Override
    protected Launcher open() {
        return platform.newLauncher();
    }

    @Override
    protected Optional<LaunchSpec> otherSpec() {
        return Optional.of(() -> "spec-2");
    }

    @Override
    protected void kill(LaunchedInstance launched) {
        platform.kill(launched.id(), launched.generation());
    }

    @Override
    protected Await await() {
        return Await.moving(scheduler);
    }
}
