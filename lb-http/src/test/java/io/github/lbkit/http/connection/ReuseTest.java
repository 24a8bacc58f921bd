package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.Limits;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.ShortTimeouts;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Tests of the reuse of connections to servers. */
class ReuseTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";

    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch serverMayAct = new CountDownLatch(1);
    private final CountDownLatch serverActed = new CountDownLatch(1);

    /** A proxy whose loop a request for {@code /block} holds until the test lets it go on. */
    private ReverseProxyBuilder blocking(ReverseProxyBuilder builder) {
        return builder.route("/block", 0, request -> LocalResponse.text(200, "went on"))
                .guard(head -> {
                    blocked.countDown();
                    awaitQuietly(goOn);
                    return Optional.empty();
                });
    }

    @Test
    void a_server_that_ends_an_unused_connection_in_the_turn_of_a_post_loses_no_request() throws Exception {
        ServerScript closes = new ServerScript()
                .expectHead()
                .send(OK)
                .await(serverMayAct)
                .reached(serverActed)
                .close();
        ServerScript answers =
                new ServerScript().expectHead().expect(3).send(OK).expectEnd();
        try (ScriptedServer server = ScriptedServer.start(closes, answers);
                ProxyFixture fixture = ProxyFixture.over(this::blocking, server);
                RawClient client = fixture.client();
                RawClient blocker = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            blocker.send("GET /block HTTP/1.1\r\nHost: a\r\n\r\n");
            awaitQuietly(blocked);

            client.send(POST);
            serverMayAct.countDown();
            server.awaitEnded(1);
            goOn.countDown();

            assertThat(client.read().status()).isEqualTo(200);
            fixture.awaitOutcomes("s1 succeeded", "s1 succeeded");
        }
    }

    @Test
    void unsolicited_bytes_of_a_server_are_no_response() throws Exception {
        ServerScript babbles = new ServerScript()
                .expectHead()
                .send(OK)
                .await(serverMayAct)
                .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray")
                .reached(serverActed)
                .expectEnd();
        try (ScriptedServer server = ScriptedServer.start(babbles, ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(this::blocking, server);
                RawClient client = fixture.client();
                RawClient blocker = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            blocker.send("GET /block HTTP/1.1\r\nHost: a\r\n\r\n");
            awaitQuietly(blocked);

            client.send("GET /mine HTTP/1.1\r\nHost: a\r\n\r\n");
            serverMayAct.countDown();
            awaitQuietly(serverActed);
            goOn.countDown();

            assertThat(client.read().body()).isEqualTo("ok");
            assertThat(server.heads().get(1)).startsWith("GET /mine ");
        }
    }

    @Test
    void a_connection_that_another_loop_does_not_use_is_no_reason_for_503() {
        Limits one = Limits.builder().connectionsPerServer(1).build();
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(b -> b.loops(4).limits(one), server)) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(fixture.client());
            }
            for (int round = 0; round < 20; round++) {
                for (RawClient client : clients) {
                    assertThat(client.get("/").status()).isEqualTo(200);
                }
            }
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void a_server_without_a_place_for_a_connection_is_503_and_not_to_blame() {
        Limits one = Limits.builder().connectionsPerServer(1).build();
        ServerScript slow = new ServerScript().expectHead().await(goOn).send(OK).expectEnd();
        try (ScriptedServer server = ScriptedServer.start(slow);
                ProxyFixture fixture = ProxyFixture.over(b -> b.loops(2).limits(one), server);
                RawClient first = fixture.client();
                RawClient second = fixture.client()) {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            server.awaitHeads(1);

            assertThat(second.get("/").status()).isEqualTo(503);

            goOn.countDown();
            assertThat(first.read().status()).isEqualTo(200);
            fixture.awaitOutcomes("s1 abandoned", "s1 succeeded");
        }
    }

    @Test
    void a_servers_own_time_for_unused_connections_is_kept() {
        ServerScript keeps = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1, max=100\r\nContent-Length: 2\r\n\r\nok")
                .expectEnd();
        try (ScriptedServer server = ScriptedServer.start(keeps, ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(
                        b -> b.timeouts(ShortTimeouts.allLong().build()), server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);

            server.awaitEnded(1);

            assertThat(client.send(POST).read().status()).isEqualTo(200);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
