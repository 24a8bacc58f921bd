package io.github.lbkit.testkit.pool.process;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.pool.process.ProcessLauncher;
import io.github.lbkit.api.pool.process.ProcessOptions;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.ManagedServerPoolContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

class ProcessPoolContractTest extends ManagedServerPoolContract {
    @TempDir
    Path directory = Path.of("unset");

    @Override
    protected ManagedServerPool openManaged() {
        PoolContext context = new PoolContext("contract", Runtimes.system(), directory);
        ProcessOptions processes = ProcessOptions.command(List.of("/bin/sh", "-c", "echo ready; exec cat"))
                .environment("PORT", "{port}")
                .readyLine("^ready$")
                .build();
        return SupervisedPool.open(
                context,
                ProcessLauncher.open(context, processes),
                SupervisedOptions.builder()
                        .servers(List.of("A", "B", "C"))
                        .maxServers(20)
                        .random(new Random(7)::nextLong)
                        .build());
    }
}
