package io.github.lbkit.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineAddress;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.docker.FakeEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers whose address changes while they run, and an engine whose socket does. */
class MovedContainerTest {
    private static final String SERVER = "Server 1";

    @TempDir
    private Path directory;

    private final PoolFixture stage = new PoolFixture();
    private final Await await = Await.inRealTime();
    private FakeEngine engine = FakeEngine.builder().tcp().start();
    private Engine client = Engine.open(EngineAddress.of(engine.tcpHost()), Runtimes.system(), "moves");

    @AfterEach
    void close() {
        stage.close();
        client.close();
        engine.close();
    }

    /** Where the engine is asked every 30 minutes only, so that an event is what tells. */
    private DockerServerPool onNetwork() {
        client.bytes(EngineCall.post("/networks/create", Json.of(Map.of("Name", "inside"))));
        DockerServerPool pool = stage.open(
                Runtimes.system(),
                DockerOptions.image(FakeEngine.IMAGE, 8080)
                        .engine(engine.host())
                        .network("inside")
                        .build(),
                builder -> builder.servers(2).resyncInterval(Duration.ofMinutes(30)));
        stage.awaitReady(pool, 2);
        return pool;
    }

    private void order(DockerServerPool pool, String what) {
        Json body = Json.of(Map.of("Container", stage.container(pool, SERVER), "Force", true));
        client.bytes(EngineCall.post("/networks/inside/" + what, body));
    }

    @Test
    void a_container_that_left_the_network_of_its_pool_is_replaced() {
        DockerServerPool pool = onNetwork();
        Map<String, Long> before = PoolFixture.generations(pool);

        order(pool, "disconnect");
        await.until(
                "it is replaced",
                () -> PoolFixture.generations(pool).getOrDefault(SERVER, 0L) > before.getOrDefault(SERVER, 0L));

        assertThat(PoolFixture.generations(pool)).containsEntry("Server 2", before.get("Server 2"));
        assertThat(stage.answers(PoolFixture.instance(pool, SERVER))).isTrue();
    }

    @Test
    void a_container_that_came_back_with_another_address_is_not_asked_at_the_old_one() {
        DockerServerPool pool = onNetwork();
        String before = PoolFixture.instance(pool, SERVER).address().host();

        order(pool, "disconnect");
        order(pool, "connect");
        await.until(
                "it serves at another address",
                () -> PoolFixture.generations(pool).containsKey(SERVER)
                        && !PoolFixture.instance(pool, SERVER).address().host().equals(before));

        assertThat(stage.answers(PoolFixture.instance(pool, SERVER))).isTrue();
    }

    @Test
    void a_socket_file_that_a_restarted_engine_has_made_anew_is_connected_to() {
        engine.close();
        client.close();
        Path socket = directory.resolve("s");
        engine = FakeEngine.builder().socket(socket).start();
        client = Engine.open(EngineAddress.of("unix://" + socket), Runtimes.system(), "moves");
        DockerServerPool pool = stage.open(
                1,
                DockerOptions.image(FakeEngine.IMAGE, 8080)
                        .engine(engine.host())
                        .build());
        stage.awaitReady(pool, 1);

        engine.vanish();
        assertThat(socket).doesNotExist();
        engine.startAgain();
        await.until("events come again", () -> engine.eventStreams() == 1);

        assertThat(socket).exists();
        assertThat(await.value(pool.add(1, List.of("A"))).complete()).isTrue();
    }
}
