package io.github.lbkit.testkit.pool;

import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.FilePool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.ServerPoolContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FilePoolContractTest extends ServerPoolContract {
    @TempDir
    Path directory;

    @Override
    protected ServerPool open() throws Exception {
        Path file = Files.writeString(directory.resolve("servers"), "a 127.0.0.1:1\nb 127.0.0.1:2\n");
        return FilePool.open(new PoolContext("file", Runtimes.system(), directory), file, FilePool.Options.DEFAULTS);
    }
}
