package io.github.lbkit.testkit.pool.process;

import io.github.lbkit.api.pool.process.ProcessLauncher;
import io.github.lbkit.api.pool.process.ProcessOptions;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.Launcher;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.LauncherContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class ProcessLauncherContractTest extends LauncherContract {
    @TempDir
    Path directory = Path.of("unset");

    @Override
    protected Launcher open() {
        return ProcessLauncher.open(
                new PoolContext("contract", Runtimes.system(), directory), options("echo ready on {port}; exec cat"));
    }

    private static ProcessOptions options(String script) {
        return ProcessOptions.command(List.of("/bin/sh", "-c", script))
                .readyLine("ready on (?<port>[0-9]+)")
                .build();
    }

    @Override
    protected Optional<LaunchSpec> otherSpec() {
        return Optional.of(options("echo version 2; echo ready on {port}; exec cat"));
    }

    @Override
    protected void kill(LaunchedInstance launched) {
        ProcessHandle.of(Long.parseLong(launched.handle().replace("process ", "")))
                .ifPresent(ProcessHandle::destroyForcibly);
    }
}
