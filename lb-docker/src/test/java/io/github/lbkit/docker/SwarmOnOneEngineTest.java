package io.github.lbkit.docker;

import static io.github.lbkit.docker.FakeEngines.generation;
import static io.github.lbkit.docker.FakeEngines.ready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lbkit.api.ServerPool;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.docker.real.NeedsPrivateEngine;
import io.github.lbkit.docker.real.PrivateEngine;
import io.github.lbkit.docker.real.SwarmMachines;
import io.github.lbkit.docker.real.TestImage;
import io.github.lbkit.docker.real.TestService;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.ServerPoolContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A swarm of one engine, for machines on which {@link SwarmAcrossMachinesTest} cannot run. The property {@code
 * lbkit.test.one-engine=true} runs this test in any case.
 */
@NeedsPrivateEngine
class SwarmOnOneEngineTest extends ServerPoolContract {
    private static final String IMAGE = "lb-test/swarm:local";

    /** What a swarm's engine makes on its machine, and leaves there. */
    private static final String GATEWAY = "docker_gwbridge";

    private static @Nullable PrivateEngine engine;
    private static boolean gatewayIsOurs;

    private final Await await = Await.inRealTime();

    @BeforeAll
    static void startSwarm() throws IOException {
        boolean asked = Boolean.getBoolean("lbkit.test.one-engine");
        assumeTrue(asked || !SwarmMachines.missing().isEmpty(), "SwarmAcrossMachinesTest runs, on two engines");
        gatewayIsOurs = NetworkInterface.getByName(GATEWAY) == null;
        PrivateEngine started = PrivateEngine.start();
        engine = started;
        try (Engine connection = started.connect()) {
            TestImage.build(connection, IMAGE, "");
            String listen = "127.0.0.1:" + freePort();
            connection.bytes(
                    EngineCall.post("/swarm/init", Json.of(Map.of("ListenAddr", listen, "AdvertiseAddr", "127.0.0.1")))
                            .withTimeout(Duration.ofSeconds(30)));
            TestService.create(connection, "shop", IMAGE, 4);
        }
        try (SwarmServerPool pool = openPool(started)) {
            Await.inRealTime().until("four serve", () -> ready(pool).size() == 4);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @AfterAll
    static void close() throws IOException {
        PrivateEngine started = engine;
        if (started != null) {
            try (Engine connection = started.connect()) {
                connection.bytes(EngineCall.post("/swarm/leave?force=true").withTimeout(Duration.ofSeconds(30)));
            } finally {
                started.close();
                if (gatewayIsOurs) {
                    Process removal = new ProcessBuilder("ip", "link", "del", GATEWAY).start();
                    Await.inRealTime().until("the gateway is gone", () -> !removal.isAlive());
                }
            }
        }
    }

    private static PrivateEngine engine() {
        PrivateEngine started = engine;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    @Override
    protected ServerPool open() {
        return openShop();
    }

    private static SwarmServerPool openPool(PrivateEngine manager) {
        return SwarmServerPool.open(
                FakeEngines.context("alone"),
                SwarmOptions.service("shop").host(manager.address()).build());
    }

    private SwarmServerPool openShop() {
        SwarmServerPool pool = openPool(engine());
        await.value(pool.ready());
        return pool;
    }

    @Test
    void additions_and_removals_scale_the_service() {
        try (SwarmServerPool pool = openShop()) {
            assertThat(await.value(pool.resize(6)).complete()).isTrue();
            assertThat(ready(pool)).hasSize(6);
            assertThat(await.value(pool.resize(4)).desired()).hasSize(4);
        }
    }

    @Test
    void a_container_that_is_killed_comes_back_under_its_id() {
        try (SwarmServerPool pool = openShop();
                Engine connection = engine().connect()) {
            await.until("four serve", () -> ready(pool).size() == 4);
            String victim = ready(pool).get(0);
            long before = generation(pool, victim);
            String task = pool.membership()
                    .server(victim)
                    .flatMap(server -> server.instance())
                    .map(instance -> instance.name().substring(victim.length() + 1))
                    .orElseThrow();

            for (Json container :
                    connection.ask(EngineCall.get("/containers/json")).elements()) {
                if (task.equals(container.at("Labels").texts().get("com.docker.swarm.task.id"))) {
                    connection.bytes(
                            EngineCall.post("/containers/" + container.at("Id").text("") + "/kill"));
                }
            }

            await.until(
                    "its successor serves", () -> ready(pool).contains(victim) && generation(pool, victim) > before);
        }
    }
}
