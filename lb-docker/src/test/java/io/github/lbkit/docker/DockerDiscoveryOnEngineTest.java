package io.github.lbkit.docker;

import static io.github.lbkit.docker.FakeEngines.generation;
import static io.github.lbkit.docker.FakeEngines.states;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lbkit.api.Server.State;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineAddress;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.EngineFinder;
import io.github.lbkit.docker.real.LabelledContainers;
import io.github.lbkit.docker.real.NeedsEngine;
import io.github.lbkit.docker.real.RealEngine;
import io.github.lbkit.docker.real.TestImage;
import io.github.lbkit.testkit.ServerPoolContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Discovery on a real engine, and through a filter that refuses every change. */
@NeedsEngine
class DockerDiscoveryOnEngineTest extends ServerPoolContract {
    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final Path FILTER = Path.of("../lb-examples/docker/discover.cfg");

    private final String shop = "shop-" + UUID.randomUUID().toString().substring(0, 8);
    private final LabelledContainers containers = new LabelledContainers(shop);

    @TempDir
    private Path directory;

    @BeforeAll
    static void buildImage() throws IOException {
        TestImage.build();
    }

    @AfterEach
    void removeContainers() {
        containers.removeAll();
    }

    @Override
    protected ServerPool open() {
        containers.run("a", Map.of());
        return open(DiscoveryOptions.pool(shop));
    }

    private static DockerDiscoveryPool open(DiscoveryOptions.Builder settings) {
        DiscoveryOptions options = settings.build();
        return DockerDiscoveryPool.open(FakeEngines.context(options.pool()), options);
    }

    private void awaitStates(ServerPool pool, Map<String, State> expected) {
        await().until("servers are " + expected, () -> states(pool).equals(expected));
    }

    @Test
    void containers_come_die_pause_and_go() {
        try (DockerDiscoveryPool pool = open(DiscoveryOptions.pool(shop))) {
            await().value(pool.ready());
            containers.run("a", Map.of("lbkit.id", "A", "lbkit.weight", "3"));
            containers.run("b", Map.of("lbkit.id", "B"));
            containers.run("c", Map.of("lbkit.weight", "heavy"));
            awaitStates(pool, Map.of("A", State.READY, "B", State.READY));
            await().until("the third is refused", () -> pool.refused().containsKey(containers.name("c")));
            long first = generation(pool, "A");

            containers.order("a", "kill");
            containers.order("b", "pause");
            awaitStates(pool, Map.of("A", State.DOWN, "B", State.DOWN));
            containers.order("a", "start");
            containers.order("b", "unpause");
            awaitStates(pool, Map.of("A", State.READY, "B", State.READY));
            assertThat(generation(pool, "A")).isGreaterThan(first);

            containers.remove("b");
            awaitStates(pool, Map.of("A", State.READY));
        }
    }

    @Test
    void a_filter_that_only_lets_read_is_enough() throws Exception {
        EngineAddress engine = EngineFinder.ofThisProcess().find();
        if (!Files.isExecutable(HAPROXY) || !engine.unix()) {
            System.err.println(
                    "SKIPPED a_filter_that_only_lets_read_is_enough: no haproxy, or an engine without socket");
        }
        assumeTrue(Files.isExecutable(HAPROXY) && engine.unix());
        int port = freePort();
        Path config = Files.writeString(
                directory.resolve("filter.cfg"),
                Files.readString(FILTER)
                        .replace("bind :2375", "bind 127.0.0.1:" + port)
                        .replace("/var/run/docker.sock", engine.uri().getPath()));
        Process haproxy = new ProcessBuilder(HAPROXY.toString(), "-db", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("filter.log").toFile())
                .start();
        String filtered = "tcp://127.0.0.1:" + port;
        try (Engine through = Engine.open(EngineAddress.of(filtered), Runtimes.system(), "filtered");
                DockerDiscoveryPool pool = open(DiscoveryOptions.pool(shop).host(filtered))) {
            await().value(pool.ready());
            containers.run("a", Map.of("lbkit.id", "A"));
            awaitStates(pool, Map.of("A", State.READY));
            assertThatThrownBy(() -> through.bytes(EngineCall.post("/containers/" + containers.name("a") + "/kill")))
                    .isInstanceOf(EngineException.Refused.class);

            RealEngine.kill(containers.name("a"));
            awaitStates(pool, Map.of("A", State.DOWN));
        } finally {
            haproxy.destroyForcibly();
            await().until("the filter has ended", () -> !haproxy.isAlive());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        }
    }
}
