package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.ProxyInternals;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Tests of persistent connections, to clients and to servers. */
class KeepAliveTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    @Test
    void requests_of_one_client_use_one_connection_on_both_sides() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(HELLO));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int i = 0; i < 20; i++) {
                RawClient.Response response = client.get("/" + i);

                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("hello");
                assertThat(response.field("Connection")).isEmpty();
            }
            assertThat(server.accepted()).isEqualTo(1);
            assertThat(server.heads()).hasSize(20);
        }
    }

    @Test
    void clients_of_one_loop_share_an_unused_connection() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(HELLO));
                ProxyFixture fixture = ProxyFixture.over(server)) {
            for (int i = 0; i < 5; i++) {
                try (RawClient client = fixture.client()) {
                    assertThat(client.get("/").status()).isEqualTo(200);
                }
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_client_that_asks_to_close_is_answered_and_closed() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(HELLO));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .read();

            assertThat(response.body()).isEqualTo("hello");
            assertThat(response.field("Connection")).contains("close");
            assertThat(client.isAtEnd()).isTrue();
            assertThat(server.heads().get(0)).doesNotContainIgnoringCase("connection:");
        }
    }

    @Test
    void an_http_1_0_client_is_closed_after_the_response() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(HELLO));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            RawClient.Response response =
                    client.send("GET /old HTTP/1.0\r\n\r\n").read();

            assertThat(response.statusLine()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(response.body()).isEqualTo("hello");
            assertThat(client.isAtEnd()).isTrue();
            assertThat(server.heads().get(0)).startsWith("GET /old HTTP/1.1\r\n");
        }
    }

    @Test
    void an_http_1_0_client_that_asks_for_it_is_kept() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(HELLO));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int i = 0; i < 3; i++) {
                RawClient.Response response = client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                        .read();

                assertThat(response.field("Connection")).contains("keep-alive");
                assertThat(response.body()).isEqualTo("hello");
            }
        }
    }

    @Test
    void pipelined_requests_are_answered_in_order_one_at_a_time() {
        ServerScript one = new ServerScript();
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            one = one.expectHead().send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + (100 + i));
            requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        try (ScriptedServer server = ScriptedServer.start(one.stall());
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send(requests.toString());

            for (int i = 0; i < 100; i++) {
                assertThat(client.read().body()).isEqualTo(Integer.toString(100 + i));
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_pipelined_request_with_a_body_follows_another() {
        ServerScript script = new ServerScript()
                .expectHead()
                .expect(3)
                .send(HELLO)
                .expectHead()
                .expect(4)
                .send("HTTP/1.1 204 No Content\r\n\r\n")
                .stall();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                    + "PUT /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\ndefg");

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(204);
            assertThat(server.received()).contains("\r\n\r\nabcPUT /b").endsWith("defg");
        }
    }

    @Test
    void a_connection_that_the_server_ends_while_idle_is_not_used_again() {
        ServerScript once = new ServerScript().expectHead().send(HELLO).close();
        try (ScriptedServer server = ScriptedServer.start(once);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int i = 1; i <= 5; i++) {
                assertThat(client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
                                .read()
                                .status())
                        .isEqualTo(200);
                int opened = i;
                server.awaitEnded(opened);
                awaitOpenToServer(fixture, 0);
            }
            assertThat(fixture.outcomes).hasSize(5).allMatch(o -> o.equals("s1 succeeded"));
        }
    }

    @Test
    void a_server_that_says_something_unasked_loses_the_connection() {
        CountDownLatch more = new CountDownLatch(1);
        ServerScript chatty = new ServerScript()
                .expectHead()
                .send(HELLO)
                .await(more)
                .send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
                .stall();
        try (ScriptedServer server = ScriptedServer.start(chatty, ServerScript.answering(HELLO));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("hello");

            more.countDown();
            awaitOpenToServer(fixture, 0);

            assertThat(client.get("/").body()).isEqualTo("hello");
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void bytes_behind_a_response_end_the_connection_to_the_server() {
        ServerScript chatty = new ServerScript()
                .expectHead()
                .send(HELLO + "HTTP/1.1 200 OK\r\n")
                .stall();
        try (ScriptedServer server = ScriptedServer.start(chatty, ServerScript.answering(HELLO));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("hello");
            assertThat(client.get("/").body()).isEqualTo("hello");
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void a_response_that_closes_is_passed_on_to_a_client_that_stays() {
        ServerScript closing =
                ServerScript.answering("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        try (ScriptedServer server = ScriptedServer.start(closing);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").field("Connection")).isEmpty();
            assertThat(client.get("/").body()).isEqualTo("ok");
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    private static void awaitOpenToServer(ProxyFixture fixture, int count) {
        Await.until(
                count + " connections to s1",
                () -> ProxyInternals.upstreamConnections(fixture.proxy, "s1", 1) == count);
    }
}
