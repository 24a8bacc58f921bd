package io.github.lbkit.testkit.pool.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.process.ProcessLauncher;
import io.github.lbkit.api.pool.process.ProcessOptions;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.RolloutOptions;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rollout of docs/supervised.md, to the letter, on real processes: with a command that is well and with one that is not. */
@Timeout(60)
class RolloutGuideTest {
    private static final List<String> OLD = List.of("/bin/sh", "-c", "echo ready; exec cat", "old", "{port}");

    @TempDir
    Path directory = Path.of("unset");

    private final List<String> report = new ArrayList<>();

    private SupervisedPool open() {
        PoolContext context = new PoolContext("shop", Runtimes.system(), directory);
        SupervisedPool pool = SupervisedPool.open(
                context,
                ProcessLauncher.open(
                        context,
                        ProcessOptions.command(OLD).readyLine("^ready$").build()),
                SupervisedOptions.builder().servers(3).build());
        Await.inRealTime()
                .until(
                        "three servers are ready",
                        () -> pool.membership().servers().stream()
                                        .filter(RolloutGuideTest::ready)
                                        .count()
                                == 3);
        return pool;
    }

    private static boolean ready(Server server) {
        return server.state() == Server.State.READY;
    }

    private PoolChange rollOut(SupervisedPool pool, List<String> newCommand) {
        // begin
        ProcessOptions next =
                ProcessOptions.command(newCommand).readyLine("^ready$").build();
        PoolChange change = pool.rollOut(next, RolloutOptions.DEFAULTS.withSurge(2))
                .toCompletableFuture()
                .join();
        if (!change.complete()) {
            change.failed().forEach(server -> report.add(server.id() + ": " + server.detail()));
            pool.revert().toCompletableFuture().join(); // back to what it was
        }
        // end
        return change;
    }

    @Test
    void a_command_that_comes_up_is_brought_to_every_server() {
        try (SupervisedPool pool = open()) {
            Map<String, String> before = pool.specs();

            PoolChange change = rollOut(pool, List.of("/bin/sh", "-c", "echo ready; exec cat", "new", "{port}"));

            assertThat(change.servers()).hasSize(3).allMatch(s -> s.outcome() == PoolChange.Outcome.REPLACED);
            assertThat(report).isEmpty();
            assertThat(pool.specs())
                    .hasSize(3)
                    .allSatisfy((id, spec) -> assertThat(spec).isNotEqualTo(before.get(id)));
        }
    }

    @Test
    void a_command_that_fails_is_reported_and_reverted() {
        try (SupervisedPool pool = open()) {
            Map<String, String> before = pool.specs();

            PoolChange change = rollOut(pool, List.of("/bin/sh", "-c", "exit 3", "new", "{port}"));

            assertThat(change.complete()).isFalse();
            assertThat(report).isNotEmpty().allMatch(line -> line.startsWith("Server "));
            assertThat(pool.specs()).isEqualTo(before);
            assertThat(pool.membership().servers()).hasSize(3).allMatch(RolloutGuideTest::ready);
        }
    }
}
