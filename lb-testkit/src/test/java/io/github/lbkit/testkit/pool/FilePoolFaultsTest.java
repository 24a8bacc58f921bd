package io.github.lbkit.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.FilePool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.fault.FaultyCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.io.TempDir;

class FilePoolFaultsTest extends LoggedFaultsContract {
    private static final List<String> TEXTS =
            List.of("a 127.0.0.1:1\n", "b 127.0.0.1:2\n", "a 127.0.0.1:1\nb 127.0.0.1:2\n");

    @TempDir
    Path directory = Path.of("unset");

    @Override
    protected Subject subject(ManualScheduler scheduler) {
        return new Subject() {
            private final Path file = directory.resolve("servers");
            private int text;

            @Override
            protected ServerPool open(FaultyCalls faults, Runtimes runtimes) throws IOException {
                Files.writeString(file, "a 127.0.0.1:1\nb 127.0.0.1:2\nc 127.0.0.1:3\n");
                return FilePool.open(new PoolContext("file", runtimes, directory), file, FilePool.Options.DEFAULTS);
            }

            @Override
            protected List<CompletionStage<?>> exercise(ServerPool pool) throws IOException {
                Files.writeString(file, TEXTS.get(text++));
                return List.of();
            }

            @Override
            protected void assertRecovered(ServerPool pool) {
                assertThat(pool.membership().servers()).extracting(Server::id).containsExactly("a", "b");
                assertThat(pool.membership().servers()).allMatch(server -> server.state() == Server.State.READY);
            }
        };
    }
}
