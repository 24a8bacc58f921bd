package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.http.ProxyInternals;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.FixedPool;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Tests of servers that join, leave, drain and are lost while requests are in flight. */
class InstanceTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final ServerScript SILENT = new ServerScript().expectHead().expectEnd();

    @Test
    void an_unanswered_get_moves_on_at_once_when_its_server_is_lost() {
        try (ScriptedServer first = ScriptedServer.start(SILENT);
                ScriptedServer second = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            first.awaitHeads(1);

            fixture.pool.put(fixture.pool.server("s1").withState(Server.State.DOWN));

            assertThat(client.read().body()).isEqualTo("ok");
            first.awaitEnded(1);
            fixture.awaitOutcomes("s1 abandoned", "s2 succeeded");
        }
    }

    @Test
    void an_unanswered_get_moves_on_when_the_operator_takes_its_server_down() {
        try (ScriptedServer first = ScriptedServer.start(SILENT);
                ScriptedServer second = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            first.awaitHeads(1);

            fixture.balancer.override("s1", OperatorOverride.DOWN);

            assertThat(client.read().body()).isEqualTo("ok");
        }
    }

    @Test
    void an_unanswered_post_stays_with_its_lost_server_until_the_connection_fails() {
        CountDownLatch gate = new CountDownLatch(1);
        ServerScript script = new ServerScript().expectHead().await(gate).reset();
        try (ScriptedServer first = ScriptedServer.start(script);
                ScriptedServer second = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client();
                RawClient other = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            first.awaitHeads(1);
            fixture.pool.put(fixture.pool.server("s1").withState(Server.State.DOWN));
            assertThat(other.get("/").body()).isEqualTo("ok");
            assertThat(first.ended()).isZero();

            gate.countDown();

            assertThat(client.read().status()).isEqualTo(502);
            fixture.awaitOutcomes("s2 succeeded", "s1 failed DISCONNECT");
        }
    }

    @Test
    void a_lost_server_without_another_is_502() {
        try (ScriptedServer first = ScriptedServer.start(SILENT);
                ProxyFixture fixture = ProxyFixture.over(first);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            first.awaitHeads(1);

            fixture.pool.put(fixture.pool.server("s1").withState(Server.State.DOWN));

            assertThat(client.read().status()).isEqualTo(502);
        }
    }

    @Test
    void a_replacement_inherits_no_connection() {
        try (ScriptedServer old = ScriptedServer.start(ServerScript.answering(OK));
                ScriptedServer young = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(old);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);

            fixture.pool.put(FixedPool.server("s1", 2, "127.0.0.1", young.port()));

            old.awaitEnded(1);
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(young.accepted()).isEqualTo(1);
            assertThat(old.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_drain_lets_the_request_in_flight_finish_and_keeps_no_connection() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ServerScript slow = new ServerScript().expectHead().await(gate).send(OK).expectEnd();
        try (ScriptedServer first = ScriptedServer.start(slow);
                ScriptedServer second = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client();
                RawClient other = fixture.client()) {
            client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            first.awaitHeads(1);
            CompletableFuture<DrainResult> drained = fixture.pool.release("s1", Duration.ofSeconds(20));
            assertThat(other.get("/").status()).isEqualTo(200);
            assertThat(second.accepted()).isEqualTo(1);
            assertThat(drained).isNotDone();

            gate.countDown();

            assertThat(client.read().body()).isEqualTo("ok");
            assertThat(drained.get()).isEqualTo(new DrainResult(1, 0));
            first.awaitEnded(1);
        }
    }

    @Test
    void unused_connections_are_closed_when_their_server_leaves() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(server.ended()).isZero();

            fixture.pool.set();

            server.awaitEnded(1);
            Await.until("no connection", () -> ProxyInternals.upstreamConnections(fixture.proxy, "s1", 1) == 0);
        }
    }
}
