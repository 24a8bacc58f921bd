package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import org.junit.jupiter.api.Test;

/** Tests that a slow client with a short body does not occupy a server while it sends. */
class RequestBufferingTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final ServerScript TAKES_A_BODY =
            new ServerScript().expectHead().expect(9).send(OK).expectEnd();

    @Test
    void a_slow_body_holds_no_place() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK), TAKES_A_BODY);
                ProxyFixture fixture = ProxyFixture.balancing(b -> b.maxInFlightPerServer(1), b -> b, server);
                RawClient slow = fixture.client();
                RawClient other = fixture.client()) {
            slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
            Await.until("the body is collected", () -> fixture.proxy.inFlight() == 1);

            for (int i = 0; i < 10; i++) {
                assertThat(other.get("/").status()).isEqualTo(200);
            }
            Await.until("no place is held", () -> fixture.inFlight() == 0);
            slow.send("defghi");

            assertThat(slow.read().status()).isEqualTo(200);
            assertThat(server.heads()).hasSize(11).last().asString().startsWith("POST ");
        }
    }

    @Test
    void without_it_a_slow_body_holds_a_place() {
        try (ScriptedServer server = ScriptedServer.start(TAKES_A_BODY);
                ProxyFixture fixture =
                        ProxyFixture.balancing(b -> b.maxInFlightPerServer(1), b -> b.requestBuffering(false), server);
                RawClient slow = fixture.client();
                RawClient other = fixture.client()) {
            slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
            server.awaitReceived(3);

            assertThat(other.get("/").status()).isEqualTo(503);
            slow.send("defghi");

            assertThat(slow.read().status()).isEqualTo(200);
        }
    }

    @Test
    void a_client_that_waits_for_100_gets_it_before_a_server_is_contacted() {
        try (ScriptedServer server = ScriptedServer.start(TAKES_A_BODY);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(100);
            assertThat(server.accepted()).isZero();
            client.send("abcdefghi");

            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void chunks_and_long_bodies_are_passed_on_as_they_come() {
        try (ScriptedServer server = ScriptedServer.start(new ServerScript()
                        .expectHead()
                        .expectThrough("abc")
                        .send(OK)
                        .stall());
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient chunked = fixture.client();
                RawClient large = fixture.client()) {
            chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            assertThat(chunked.read().status()).isEqualTo(200);
            large.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc");

            assertThat(large.read().status()).isEqualTo(200);
        }
    }
}
