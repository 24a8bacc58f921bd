package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Server;
import io.github.lbkit.http.StopReport;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.CapturedLog;
import io.github.lbkit.http.fixture.FixedPool;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.ShortTimeouts;
import io.github.lbkit.http.fixture.UpgradeServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Tests of tunnels as requests in flight: their counts, the drain of their server, the stop of the proxy, the log. */
@Isolated("it reads what the logger writes to the standard error stream")
class TunnelLifeTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(150);

    @Test
    void a_tunnel_counts_against_the_limit_of_its_server_until_it_ends() throws IOException {
        try (UpgradeServer first = new UpgradeServer();
                UpgradeServer second = new UpgradeServer();
                ProxyFixture fixture = ProxyFixture.at(b -> b, first.address(), second.address());
                RawClient client = fixture.client();
                RawClient far = first.open(client)) {
            assertThat(fixture.proxy.inFlight()).isEqualTo(1);
            assertThat(fixture.inFlight()).isEqualTo(1);
            Await.until("a tunnel", () -> fixture.proxy.tunnels() == 1);
            assertThat(fixture.proxy.serverConnections()).isEqualTo(1);

            client.halfClose();
            far.leave();

            fixture.awaitOutcomes("s1 succeeded");
            fixture.awaitNothingInFlight();
            Await.until("the connection is closed", () -> fixture.proxy.serverConnections() == 0);
            assertThat(fixture.proxy.tunnels()).isZero();
        }
    }

    @Test
    void a_drain_waits_for_a_tunnel() throws Exception {
        try (UpgradeServer server = new UpgradeServer();
                ProxyFixture fixture = ProxyFixture.at(b -> b, server.address());
                RawClient client = fixture.client();
                RawClient far = server.open(client)) {
            CompletableFuture<DrainResult> drained = fixture.pool.release("s1", LONG);
            far.send("still here");
            assertThat(client.exactly(10)).isEqualTo("still here");
            assertThat(drained).isNotDone();

            client.leave();
            far.leave();

            assertThat(drained.get(20, TimeUnit.SECONDS)).isEqualTo(new DrainResult(1, 0));
        }
    }

    @Test
    void a_tunnel_is_cut_and_counted_at_the_deadline_of_a_drain() throws Exception {
        try (UpgradeServer server = new UpgradeServer();
                ProxyFixture fixture = ProxyFixture.at(b -> b, server.address());
                RawClient client = fixture.client();
                RawClient far = server.open(client)) {
            CompletableFuture<DrainResult> drained = fixture.pool.release("s1", SHORT);

            assertThatThrownBy(client::readToEnd).hasMessageContaining("reset");
            assertThatThrownBy(far::readToEnd).hasMessageContaining("reset");

            assertThat(drained.get(20, TimeUnit.SECONDS)).isEqualTo(new DrainResult(0, 1));
            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    @Test
    void a_request_in_flight_at_the_deadline_of_a_drain_is_left_to_its_server() throws Exception {
        try (UpgradeServer server = new UpgradeServer();
                ProxyFixture fixture = ProxyFixture.at(b -> b, server.address());
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            try (RawClient far = server.awaitRequest()) {
                assertThat(fixture.pool.release("s1", SHORT).get(20, TimeUnit.SECONDS))
                        .isEqualTo(new DrainResult(0, 1));

                far.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                assertThat(client.read().body()).isEqualTo("ok");
            }
        }
    }

    @Test
    void a_server_that_leaves_without_a_drain_loses_its_tunnels() throws Exception {
        try (UpgradeServer server = new UpgradeServer();
                ProxyFixture fixture = ProxyFixture.at(b -> b, server.address());
                RawClient client = fixture.client();
                RawClient far = server.open(client)) {
            fixture.pool.set();

            assertThatThrownBy(client::readToEnd).hasMessageContaining("reset");
            assertThatThrownBy(far::readToEnd).hasMessageContaining("reset");
            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    @Test
    void a_server_that_is_down_or_replaced_keeps_its_tunnels() throws Exception {
        try (UpgradeServer server = new UpgradeServer();
                UpgradeServer other = new UpgradeServer();
                ProxyFixture fixture = ProxyFixture.at(b -> b, server.address());
                RawClient client = fixture.client();
                RawClient far = server.open(client)) {
            fixture.pool.put(fixture.pool.server("s1").withState(Server.State.DOWN));
            fixture.pool.put(
                    FixedPool.server("s1", 2, "127.0.0.1", other.address().getPort()));
            try (RawClient next = fixture.client();
                    RawClient otherFar = other.open(next)) {
                far.send("still here");
                assertThat(client.exactly(10)).isEqualTo("still here");
                Await.until("two tunnels", () -> fixture.proxy.tunnels() == 2);
                next.leave();
                assertThat(otherFar.isAtEnd()).isTrue();
            }
        }
    }

    @Test
    void a_stop_waits_for_a_tunnel_and_counts_it_as_finished() throws Exception {
        try (UpgradeServer server = new UpgradeServer();
                ProxyFixture fixture = ProxyFixture.at(b -> b, server.address());
                RawClient client = fixture.client();
                RawClient far = server.open(client)) {
            CompletableFuture<StopReport> stopped = stop(fixture, LONG);
            awaitRefusal(fixture);
            far.send("still here");
            assertThat(client.exactly(10)).isEqualTo("still here");
            assertThat(stopped).isNotDone();

            far.leave();
            assertThat(client.isAtEnd()).isTrue();
            client.leave();

            assertThat(stopped.get(20, TimeUnit.SECONDS)).isEqualTo(new StopReport(1, 0));
        }
    }

    @Test
    void tunnels_are_cut_and_counted_at_the_deadline_of_a_stop() throws Exception {
        try (UpgradeServer server = new UpgradeServer();
                ProxyFixture fixture = ProxyFixture.at(b -> b, server.address())) {
            List<RawClient> clients = new ArrayList<>();
            List<RawClient> servers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                RawClient client = fixture.client();
                clients.add(client);
                servers.add(server.open(client));
            }

            assertThat(stop(fixture, SHORT).get(20, TimeUnit.SECONDS)).isEqualTo(new StopReport(0, 5));

            for (RawClient end : List.of(clients.get(0), servers.get(0), clients.get(4), servers.get(4))) {
                assertThatThrownBy(end::readToEnd).hasMessageContaining("reset");
            }
            clients.forEach(RawClient::close);
            servers.forEach(RawClient::close);
        }
    }

    @Test
    void a_tunnel_has_one_line_in_the_access_log_when_it_ends() throws Exception {
        try (CapturedLog log = new CapturedLog();
                UpgradeServer server = new UpgradeServer();
                ProxyFixture fixture = ProxyFixture.at(
                        b -> b.accessLog(true).timeouts(ShortTimeouts.allLong().build()), server.address());
                RawClient client = fixture.client();
                RawClient far = server.open(client)) {
            client.send("question");
            assertThat(far.exactly(8)).isEqualTo("question");
            far.send("the answer");
            assertThat(client.exactly(10)).isEqualTo("the answer");
            assertThat(log.with(" /chat ")).isEmpty();

            client.leave();
            far.leave();

            assertThat(log.awaitLineWith(" /chat ")).matches(".* GET /chat 101 10 \\d+ s1 1 [0-9a-f]{32} -");
        }
    }

    @Test
    void a_tunnel_that_a_drain_has_cut_has_the_word_for_it_in_the_access_log() throws Exception {
        try (CapturedLog log = new CapturedLog();
                UpgradeServer server = new UpgradeServer();
                ProxyFixture fixture = ProxyFixture.at(b -> b.accessLog(true), server.address());
                RawClient client = fixture.client();
                RawClient far = server.open(client)) {
            CompletableFuture<DrainResult> drained = fixture.pool.release("s1", SHORT);

            assertThat(log.awaitLineWith(" /chat ")).contains(" 101 0 ").endsWith(" tunnel-drained");
            assertThat(drained.get(20, TimeUnit.SECONDS).cut()).isEqualTo(1);
            far.leave();
        }
    }

    private static CompletableFuture<StopReport> stop(ProxyFixture fixture, Duration within) {
        return fixture.proxy.stop(within).toCompletableFuture();
    }

    /** Waits until the proxy listens no more; its loops know of the stop then. */
    private static void awaitRefusal(ProxyFixture fixture) {
        Await.until("no connection is accepted", () -> {
            try (RawClient late = fixture.client()) {
                return late.socket.isClosed();
            } catch (UncheckedIOException refused) {
                return true;
            }
        });
    }
}
