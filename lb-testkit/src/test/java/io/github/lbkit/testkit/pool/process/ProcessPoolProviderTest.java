package io.github.lbkit.testkit.pool.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.ServerPools;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.Await;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessPoolProviderTest {
    @TempDir
    Path directory = Path.of("unset");

    private final Await await = Await.inRealTime();

    private ManagedServerPool open(String servers, String onExit) {
        String java = ProcessHandle.current().info().command().orElseThrow();
        String classes = Path.of(System.getProperty("basedir", "."), "target", "test-classes")
                .toString();
        return (ManagedServerPool) ServerPools.installed()
                .open(
                        "process:'" + java + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '" + classes + "' "
                                + TinyServer.class.getName() + " {port} '{id}' " + onExit
                                + "?probe-path=/heartbeat&drain-seconds=0&servers=" + servers + "&on-exit=" + onExit,
                        new PoolContext("e2e", Runtimes.system(), directory));
    }

    private static Instance instance(ManagedServerPool pool, String id) {
        return pool.membership().server(id).orElseThrow().instance().orElseThrow();
    }

    private static String ask(Address address) throws IOException {
        try (Socket socket = new Socket(address.host(), address.port())) {
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static ProcessHandle process(int port) {
        return ProcessHandle.current()
                .children()
                .filter(child ->
                        List.of(child.info().arguments().orElse(new String[0])).contains(Integer.toString(port)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void real_servers_serve_are_replaced_when_killed_and_end_with_the_pool() throws IOException {
        ManagedServerPool pool = open("2", "stop");
        await.value(pool.ready());
        assertThat(ask(instance(pool, "Server 1").address())).endsWith("Server 1");
        Instance killed = instance(pool, "Server 2");
        List<Membership> heard = new CopyOnWriteArrayList<>();
        var subscription = pool.subscribe(heard::add);

        ProcessHandle victim = process(killed.address().port());
        assertThat(victim.destroyForcibly()).isTrue();
        await.until(
                "it is down",
                () -> heard.stream()
                        .anyMatch(membership ->
                                membership.server("Server 2").orElseThrow().state() == Server.State.DOWN));
        await.until(
                "it is ready again",
                () -> pool.membership().server("Server 2").orElseThrow().state() == Server.State.READY);

        assertThat(instance(pool, "Server 2").generation()).isGreaterThan(killed.generation());
        assertThat(ask(instance(pool, "Server 2").address())).endsWith("Server 2");
        List<ProcessHandle> all = List.of(
                process(instance(pool, "Server 1").address().port()),
                process(instance(pool, "Server 2").address().port()));
        subscription.close();
        pool.close();
        assertThat(all).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void servers_that_are_kept_serve_the_next_owner() throws IOException {
        ManagedServerPool first = open("1", "keep");
        await.value(first.ready());
        Instance kept = instance(first, "Server 1");
        first.close();
        assertThat(process(kept.address().port()).isAlive()).isTrue();

        ManagedServerPool second = open("1", "keep");
        await.value(second.ready());
        assertThat(instance(second, "Server 1")).isEqualTo(kept);
        await.value(second.resize(0));
        await.until("it is gone", () -> second.membership().servers().isEmpty());
        second.close();
    }
}
