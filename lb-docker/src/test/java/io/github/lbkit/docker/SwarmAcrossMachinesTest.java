package io.github.lbkit.docker;

import static io.github.lbkit.docker.FakeEngines.generation;
import static io.github.lbkit.docker.FakeEngines.ready;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.docker.real.SwarmMachines;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.ServerPoolContract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Two engines in two network namespaces. The tests share them, in order: the last one cuts a machine off. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SwarmAcrossMachinesTest extends ServerPoolContract {
    private static final String IMAGE = "lb-test/swarm:local";

    private static @Nullable SwarmMachines machines;

    private final Await await = Await.inRealTime();

    @BeforeAll
    static void startMachines() throws IOException {
        String missing = SwarmMachines.missing();
        if (!missing.isEmpty()) {
            System.err.println("SKIPPED SwarmAcrossMachinesTest: " + missing);
        }
        assumeTrue(missing.isEmpty(), missing);
        SwarmMachines started = SwarmMachines.start();
        machines = started;
        started.buildImage(IMAGE);
        started.createService("shop", IMAGE, 4);
    }

    @AfterAll
    static void closeMachines() {
        if (machines != null) {
            machines.close();
        }
    }

    private static SwarmMachines machines() {
        if (machines == null) {
            throw new IllegalStateException("not started");
        }
        return machines;
    }

    @Override
    protected ServerPool open() {
        return openShop();
    }

    private SwarmServerPool openShop() {
        SwarmServerPool pool = SwarmServerPool.open(
                FakeEngines.context("across"),
                SwarmOptions.service("shop").host(machines().manager()).build());
        await.value(pool.ready());
        return pool;
    }

    private static List<String> hosts(SwarmServerPool pool) {
        return pool.membership().servers().stream()
                .filter(server -> server.state() == Server.State.READY)
                .map(server -> server.instance().orElseThrow().address().host())
                .toList();
    }

    private static boolean answers(Instance instance) {
        Address address = instance.address();
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(5_000);
            socket.connect(new InetSocketAddress(InetAddress.getAllByName(address.host())[0], address.port()), 5_000);
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            return new String(answer, StandardCharsets.US_ASCII).contains("200 OK");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @Order(1)
    void tasks_on_both_machines_are_servers_that_answer() {
        try (SwarmServerPool pool = openShop()) {
            await.until("four serve", () -> ready(pool).size() == 4);

            assertThat(ready(pool)).containsExactly("shop.1", "shop.2", "shop.3", "shop.4");
            assertThat(Set.copyOf(hosts(pool)))
                    .containsExactlyInAnyOrder(machines().address(1), machines().address(2));
            assertThat(pool.membership().servers())
                    .allMatch(server -> answers(server.instance().orElseThrow()));
        }
    }

    @Test
    @Order(2)
    void a_container_that_is_killed_on_the_other_machine_is_replaced_under_its_id() {
        try (SwarmServerPool pool = openShop();
                Engine other = machines().connect(2)) {
            await.until("four serve", () -> ready(pool).size() == 4);
            Server victim = pool.membership().servers().stream()
                    .filter(server -> server.instance()
                            .orElseThrow()
                            .address()
                            .host()
                            .equals(machines().address(2)))
                    .findFirst()
                    .orElseThrow();
            long before = generation(pool, victim.id());
            String task =
                    victim.instance().orElseThrow().name().substring(victim.id().length() + 1);

            for (Json container : other.ask(EngineCall.get("/containers/json")).elements()) {
                if (task.equals(container.at("Labels").texts().get("com.docker.swarm.task.id"))) {
                    other.bytes(
                            EngineCall.post("/containers/" + container.at("Id").text("") + "/kill"));
                }
            }

            await.until(
                    "its successor serves",
                    () -> ready(pool).contains(victim.id()) && generation(pool, victim.id()) > before);
        }
    }

    @Test
    @Order(3)
    void additions_and_removals_scale_across_machines() {
        try (SwarmServerPool pool = openShop()) {
            assertThat(await.value(pool.resize(7)).complete()).isTrue();
            assertThat(ready(pool)).hasSize(7);
            assertThat(await.value(pool.resize(4)).desired()).hasSize(4);
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void servers_of_a_machine_that_is_cut_off_are_made_anew_on_the_other() throws IOException {
        try (SwarmServerPool pool = openShop()) {
            await.until("four serve", () -> ready(pool).size() == 4);
            Set<String> before =
                    pool.membership().servers().stream().map(Server::id).collect(Collectors.toSet());

            machines().cutOff(2);
            await.until(
                    "the manager has noticed",
                    () -> hosts(pool).stream().noneMatch(machines().address(2)::equals));
            await.until("four serve again", () -> ready(pool).size() == 4);

            assertThat(Set.copyOf(ready(pool))).isEqualTo(before);
            machines().heal(2);
        }
    }
}
