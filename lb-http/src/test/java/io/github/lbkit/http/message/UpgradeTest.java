package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.UpgradeServer;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of requests that ask for another protocol, and of the responses to them (RFC 9110 7.8). */
class UpgradeTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final ServerScript SWITCHES = new ServerScript()
            .expectHead()
            .send("HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nSec-WebSocket-Accept: s3"
                    + "\r\nconnection: upgrade\r\n\r\n")
            .expectEnd();

    @Test
    void the_fields_of_an_upgrade_reach_the_server_and_those_of_its_response_the_client() {
        try (ScriptedServer server = ScriptedServer.start(SWITCHES);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket"
                    + "\r\nSec-WebSocket-Key: dGhl\r\nSec-WebSocket-Version: 13\r\n\r\n");
            RawClient.Response response = client.read();

            assertThat(server.heads().get(0))
                    .contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n")
                    .contains("\r\nSec-WebSocket-Key: dGhl\r\nSec-WebSocket-Version: 13\r\n")
                    .doesNotContain("keep-alive");
            assertThat(response.statusLine()).isEqualTo("HTTP/1.1 101 Switching Protocols");
            assertThat(response.field("Connection")).contains("Upgrade");
            assertThat(response.field("Upgrade")).contains("WebSocket");
            assertThat(response.field("Sec-WebSocket-Accept")).contains("s3");
            assertThat(response.field("X-Request-Id")).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: a\r\nConnection: Upgrade, keep-alive\r\nUpgrade: websocket\r\n\r\n",
                "OPTIONS / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websockets, foo/1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c"
                        + "\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n"
            })
    void an_upgrade_that_is_not_allowed_is_dropped_and_the_request_is_answered(String request) {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.send(request).read().body()).isEqualTo("ok");

            assertThat(server.heads().get(0))
                    .doesNotContainIgnoringCase("upgrade")
                    .doesNotContainIgnoringCase("http2-settings");
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void a_request_with_a_body_asks_for_no_upgrade() {
        ServerScript reads = new ServerScript().expectHead().expect(3).send(OK).expectEnd();
        try (ScriptedServer server = ScriptedServer.start(reads);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket"
                    + "\r\nContent-Length: 3\r\n\r\nabc");

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(server.heads().get(0)).doesNotContainIgnoringCase("upgrade");
        }
    }

    @Test
    void only_the_allowed_protocols_of_a_list_reach_the_server() {
        String foo = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: FOO/2\r\n\r\n";
        try (ScriptedServer server = ScriptedServer.start(
                        new ServerScript().expectHead().send(foo).expectEnd());
                ProxyFixture fixture = ProxyFixture.over(b -> b.upgrades(Set.of("WebSocket", "foo")), server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings"
                    + "\r\nUpgrade: h2c, Foo/2,\r\nUpgrade: bar, websocket\r\nHTTP2-Settings: AA\r\n\r\n");

            assertThat(client.read().field("Upgrade")).contains("FOO/2");
            assertThat(server.heads().get(0))
                    .contains("\r\nUpgrade: Foo/2, websocket\r\n")
                    .doesNotContainIgnoringCase("http2-settings")
                    .doesNotContain("h2c", "bar");
        }
    }

    @Test
    void without_allowed_protocols_no_upgrade_is_passed_on() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(b -> b.upgrades(Set.of()), server);
                RawClient client = fixture.client()) {
            assertThat(client.send(UpgradeServer.REQUEST).read().status()).isEqualTo(200);

            assertThat(server.heads().get(0)).doesNotContainIgnoringCase("upgrade");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade: foo\r\n", "", "Upgrade: websocket, foo\r\n", "Upgrade: h2c\r\n"})
    void a_switch_to_a_protocol_that_was_not_asked_for_is_a_502(String fields) {
        ServerScript wrong = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 101 Switching Protocols\r\n" + fields + "\r\n")
                .expectEnd();
        try (ScriptedServer first = ScriptedServer.start(wrong);
                ScriptedServer second = ScriptedServer.start(SWITCHES);
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.send(UpgradeServer.REQUEST).read().status()).isEqualTo(502);
            assertThat(second.accepted()).isZero();
            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    @Test
    void interim_responses_before_the_switch_are_passed_on() throws IOException {
        ServerScript hints = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + UpgradeServer.SWITCH + "hello")
                .expectEnd();
        try (ScriptedServer server = ScriptedServer.start(hints);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send(UpgradeServer.REQUEST);

            assertThat(client.read().status()).isEqualTo(103);
            assertThat(client.read().status()).isEqualTo(101);
            assertThat(client.exactly(5)).isEqualTo("hello");
        }
    }

    @Test
    void bytes_behind_the_request_wait_for_the_switch_and_go_into_the_tunnel() throws IOException {
        try (UpgradeServer server = new UpgradeServer();
                ProxyFixture fixture = ProxyFixture.at(b -> b, server.address());
                RawClient client = fixture.client()) {
            client.send(UpgradeServer.REQUEST + "first bytes");
            try (RawClient far = server.awaitRequest()) {
                assertThat(far.in().available()).isZero();
                far.send(UpgradeServer.SWITCH);

                assertThat(far.exactly(11)).isEqualTo("first bytes");
                assertThat(client.read().status()).isEqualTo(101);
            }
        }
    }

    @Test
    void bytes_behind_the_request_are_the_next_request_where_the_server_does_not_switch() {
        ServerScript refuses = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 3\r\n\r\nno\n")
                .again();
        try (ScriptedServer server = ScriptedServer.start(refuses);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send(UpgradeServer.REQUEST + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(426);
            assertThat(client.read().body()).isEqualTo("no\n");
            assertThat(server.heads().get(1)).startsWith("GET /next HTTP/1.1\r\n");
            assertThat(server.accepted()).as("the connection is used again").isEqualTo(1);
        }
    }

    @Test
    void an_upgrade_that_a_server_has_received_is_not_repeated() {
        try (ScriptedServer first =
                        ScriptedServer.start(new ServerScript().expectHead().close());
                ScriptedServer second = ScriptedServer.start(SWITCHES);
                ProxyFixture fixture = ProxyFixture.over(b -> b.retryStatuses(Set.of(503)), first, second);
                RawClient client = fixture.client()) {
            assertThat(client.send(UpgradeServer.REQUEST).read().status()).isEqualTo(502);
            assertThat(second.accepted()).isZero();
        }
    }

    @Test
    void an_upgrade_that_no_server_has_received_goes_to_another_server() {
        try (ScriptedServer first = ScriptedServer.refusing();
                ScriptedServer second = ScriptedServer.start(SWITCHES);
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.send(UpgradeServer.REQUEST).read().status()).isEqualTo(101);
            client.halfClose();
            fixture.awaitOutcomes("s1 failed CONNECT", "s2 succeeded");
        }
    }

    @Test
    void an_upgrade_uses_a_connection_of_its_own_that_is_not_used_again() {
        try (ScriptedServer server =
                        ScriptedServer.start(ServerScript.answering(OK), SWITCHES, ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client();
                RawClient chat = fixture.client()) {
            client.get("/");

            assertThat(chat.send(UpgradeServer.REQUEST).read().status()).isEqualTo(101);
            assertThat(client.get("/").status()).isEqualTo(200);

            assertThat(server.accepted()).isEqualTo(2);
            chat.halfClose();
            assertThat(chat.isAtEnd()).isTrue();
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void a_local_route_answers_an_upgrade_as_any_request() {
        try (ScriptedServer server = ScriptedServer.start(SWITCHES);
                ProxyFixture fixture =
                        ProxyFixture.over(b -> b.route("/chat", 0, r -> LocalResponse.text(200, "here")), server);
                RawClient client = fixture.client()) {
            assertThat(client.send(UpgradeServer.REQUEST).read().body()).isEqualTo("here");
            assertThat(client.get("/chat").body()).isEqualTo("here");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "H2C", "", "web socket", "foo/1"})
    void a_protocol_that_cannot_be_allowed_is_refused_by_its_name(String name) {
        assertThatThrownBy(() -> ReverseProxy.builder().upgrades(Set.of(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("upgrade '" + name.replace(' ', '?') + "'");
    }
}
