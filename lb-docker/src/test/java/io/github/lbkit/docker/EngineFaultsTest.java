package io.github.lbkit.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.real.NeedsPrivateEngine;
import io.github.lbkit.docker.real.PrivateEngine;
import io.github.lbkit.docker.real.TestImage;
import io.github.lbkit.testkit.Await;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The behaviour of a pool when its engine fails. Containers are reached by their own addresses, since the forwarding of
 * published ports ends with an engine that is killed.
 */
@NeedsPrivateEngine
class EngineFaultsTest {
    private static final String SERVER = "Server 1";

    private final PoolFixture stage = new PoolFixture();
    private final Await await = Await.inRealTime();

    @SuppressWarnings("NullAway.Init") // each test begins with one
    private PrivateEngine engine;

    @AfterEach
    void close() throws IOException {
        stage.close();
        engine.close();
    }

    private DockerServerPool poolOn(PrivateEngine itsEngine, int servers) throws IOException {
        engine = itsEngine;
        try (Engine connection = engine.connect()) {
            TestImage.build(connection, TestImage.NAME, "");
        }
        DockerServerPool pool = open(servers);
        stage.awaitReady(pool, servers);
        return pool;
    }

    private DockerServerPool open(int servers) {
        return stage.open(
                Runtimes.system(),
                stage.image().engine(engine.address()).network("bridge").build(),
                builder -> builder.servers(servers));
    }

    private void assertAllServe(DockerServerPool pool) {
        assertThat(pool.membership().servers()).allSatisfy(server -> {
            assertThat(server.state()).isEqualTo(Server.State.READY);
            assertThat(stage.answers(server.instance().orElseThrow())).isTrue();
        });
    }

    @Test
    void a_frozen_engine_hangs_no_call_and_empties_no_pool() throws IOException {
        DockerServerPool pool = poolOn(PrivateEngine.start(), 2);
        Map<String, Long> before = PoolFixture.generations(pool);

        engine.freeze();
        try (Engine connection = engine.connect()) {
            assertThatThrownBy(() -> connection.ask(EngineCall.get("/info").withTimeout(Duration.ofMillis(300))))
                    .isInstanceOf(EngineException.NoAnswer.class)
                    .hasMessageContaining("no answer within");
        }
        await.until("the pool says that it is out of date", () -> !pool.age().isZero());

        assertThat(PoolFixture.generations(pool)).isEqualTo(before);
        assertAllServe(pool);
        engine.thaw();
        await.until("the pool is up to date", () -> pool.age().isZero());
        assertThat(await.value(pool.add(1, List.of("A"))).complete()).isTrue();
        assertThat(PoolFixture.generations(pool)).containsAllEntriesOf(before);
    }

    @Test
    void containers_serve_while_a_killed_engine_is_away_and_are_replaced_when_its_return_ends_them()
            throws IOException {
        DockerServerPool pool = poolOn(PrivateEngine.start(), 2);
        Map<String, Long> before = PoolFixture.generations(pool);

        engine.kill();
        await.until("the pool says that it is out of date", () -> !pool.age().isZero());
        assertThat(PoolFixture.generations(pool)).isEqualTo(before);
        assertAllServe(pool);

        engine.startAgain();
        await.until("all are replaced", () -> {
            Map<String, Long> now = PoolFixture.generations(pool);
            return now.size() == 2
                    && now.entrySet().stream().allMatch(e -> e.getValue() > before.getOrDefault(e.getKey(), 0L));
        });
        assertAllServe(pool);
    }

    @Test
    void with_live_restore_a_killed_engine_returns_to_the_same_containers() throws IOException {
        DockerServerPool pool = poolOn(PrivateEngine.start("--live-restore"), 2);
        Map<String, Long> before = PoolFixture.generations(pool);
        long victim = pid(pool);

        engine.kill();
        await.until("the pool says that it is out of date", () -> !pool.age().isZero());
        assertAllServe(pool);
        ProcessHandle.of(victim).orElseThrow().destroyForcibly(); // an event that nobody tells
        engine.startAgain();
        await.until(
                "what died meanwhile is replaced",
                () -> PoolFixture.generations(pool).getOrDefault(SERVER, 0L) > before.getOrDefault(SERVER, 0L));
        await.until("the pool is up to date", () -> pool.age().isZero());

        assertThat(PoolFixture.generations(pool)).containsEntry("Server 2", before.get("Server 2"));
        assertAllServe(pool);
    }

    private long pid(DockerServerPool pool) {
        try (Engine connection = engine.connect()) {
            return connection
                    .ask(EngineCall.get("/containers/" + stage.container(pool, SERVER) + "/json"))
                    .at("State", "Pid")
                    .number(0);
        }
    }

    @Test
    void an_engine_that_is_stopped_takes_its_containers_along_and_returns_with_others() throws IOException {
        DockerServerPool pool = poolOn(PrivateEngine.start(), 2);
        Map<String, Long> before = PoolFixture.generations(pool);

        engine.stop();
        await.until("all are down", () -> PoolFixture.generations(pool).isEmpty());
        assertThat(pool.membership().servers()).hasSize(2);
        engine.startAgain();
        stage.awaitReady(pool, 2);

        assertThat(PoolFixture.generations(pool)).doesNotContainValue(before.get(SERVER));
        assertAllServe(pool);
    }

    @Test
    void an_engine_that_comes_later_is_found_without_a_restart() throws IOException {
        engine = PrivateEngine.start();
        try (Engine connection = engine.connect()) {
            TestImage.build(connection, TestImage.NAME, "");
        }
        engine.stop();

        DockerServerPool pool = open(2);
        await.value(pool.ready());

        assertThat(pool.membership().servers()).hasSize(2).allMatch(s -> s.state() == Server.State.DOWN);
        assertThatThrownBy(() -> await.value(pool.add(1, List.of()))).hasMessageContaining("no engine at unix://");
        engine.startAgain();
        stage.awaitReady(pool, 2);
        assertAllServe(pool);
    }

    @Test
    void a_process_without_permission_on_the_socket_reports_it_and_recovers_without_a_restart() throws IOException {
        engine = PrivateEngine.start();
        try (Engine connection = engine.connect()) {
            TestImage.build(connection, TestImage.NAME, "");
        }
        Files.setPosixFilePermissions(engine.socket(), PosixFilePermissions.fromString("rw-------"));

        try (UnprivilegedProcess stranger = new UnprivilegedProcess(engine.address())) {
            await.until("it is refused", () -> stranger.hasSaid("refused "));
            assertThat(stranger.said())
                    .contains("states {Server 1=DOWN}")
                    .anyMatch(line -> line.contains("no permission to talk to the engine at unix://")
                            && line.contains("the group that owns the socket"));

            Files.setPosixFilePermissions(engine.socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
            await.until("its server is ready", () -> stranger.hasSaid("states {Server 1=READY}"));
            stranger.endInput();
            await.until("it has ended", stranger::hasEnded);
        }
        try (Engine connection = engine.connect()) {
            assertThat(connection.ask(EngineCall.get("/containers/json?all=1")).elements())
                    .isEmpty();
        }
    }

    @Test
    void ports_that_are_taken_fail_a_launch_with_the_reason_and_leave_nothing() throws IOException {
        engine = PrivateEngine.start();
        try (Engine connection = engine.connect()) {
            TestImage.build(connection, TestImage.NAME, "");
        }
        DockerServerPool pool = stage.open(
                Runtimes.system(), stage.image().engine(engine.address()).build(), builder -> builder.servers(0));
        await.value(pool.ready());

        List<ServerSocket> taken = takeThePortsThatTheEngineTriesFirst();
        PoolChange refused = await.value(pool.add(1, List.of("A")));
        for (ServerSocket socket : taken) {
            socket.close();
        }

        assertThat(refused.failed()).hasSize(1);
        assertThat(refused.failed().get(0).detail()).contains("address already in use");
        assertThat(pool.desired()).isEmpty();
        await.until("only the lease is there", () -> containers() == 1);
        assertThat(await.value(pool.add(1, List.of("A"))).complete()).isTrue();
        assertAllServe(pool);
    }

    private int containers() {
        try (Engine connection = engine.connect()) {
            return connection
                    .ask(EngineCall.get("/containers/json?all=1"))
                    .elements()
                    .size();
        }
    }

    /** An engine begins at the lower end of the machine's range, and gives up after ten ports. */
    private static List<ServerSocket> takeThePortsThatTheEngineTriesFirst() throws IOException {
        String range = Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))
                .get(0);
        int first = Integer.parseInt(range.substring(0, range.indexOf('\t')));
        List<ServerSocket> taken = new ArrayList<>();
        for (int port = first; port < first + 30; port++) {
            try {
                taken.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
            } catch (BindException alreadyTaken) {
                // by another, which is as good
            }
        }
        return taken;
    }
}
