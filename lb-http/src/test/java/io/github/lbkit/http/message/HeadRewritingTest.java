package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.Cidr;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests of the fields that servers receive about clients, and clients about servers. */
class HeadRewritingTest {
    private static final ServerScript EMPTY = ServerScript.answering("HTTP/1.1 204 No Content\r\n\r\n");

    @Test
    void hop_by_hop_fields_stay_on_the_clients_connection() {
        String head = headAtServer(
                "GET / HTTP/1.1",
                "Host: shop.test",
                "Connection: keep-alive, X-Secret",
                "X-Secret: 1",
                "Keep-Alive: timeout=5",
                "Upgrade: websocket",
                "Proxy-Connection: x",
                "TE: gzip",
                "X-Kept: yes");

        assertThat(head).startsWith("GET / HTTP/1.1\r\nHost: shop.test\r\n").contains("X-Kept: yes\r\n");
        assertThat(head)
                .doesNotContain("Connection")
                .doesNotContain("X-Secret")
                .doesNotContain("Keep-Alive")
                .doesNotContain("Upgrade")
                .doesNotContain("TE:");
    }

    @Test
    void trace_context_passes_untouched() {
        String head = headAtServer(
                "GET / HTTP/1.1",
                "Host: shop.test",
                "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "tracestate: vendor=t61rcWkgMzE,other=00f067aa0ba902b7",
                "baggage: user=alice,is%20prod=true");

        assertThat(head)
                .contains("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n")
                .contains("tracestate: vendor=t61rcWkgMzE,other=00f067aa0ba902b7\r\n")
                .contains("baggage: user=alice,is%20prod=true\r\n");
    }

    @Test
    void the_address_of_the_client_is_forwarded_to_the_server() {
        String head = headAtServer(
                "GET /p?q=1 HTTP/1.1",
                "Host: shop.test:81",
                "X-Forwarded-For: 10.1.1.1",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: evil.test");

        assertThat(head)
                .contains("X-Forwarded-For: 127.0.0.1\r\n")
                .contains("X-Forwarded-Proto: http\r\n")
                .contains("X-Forwarded-Host: shop.test:81\r\n")
                .doesNotContain("evil.test")
                .doesNotContain("https");
    }

    @Test
    void trusted_forwarding_fields_are_kept() {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture =
                        ProxyFixture.over(b -> b.trustedProxies(List.of(Cidr.parse("127.0.0.1"))), server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.1.1.1\r\nX-Forwarded-"
                            + "Proto: https\r\nX-Forwarded-Host: pub.test\r\n\r\n")
                    .read();

            assertThat(server.heads().get(0))
                    .contains("X-Forwarded-For: 10.1.1.1, 127.0.0.1\r\n")
                    .contains("X-Forwarded-Proto: https\r\n")
                    .contains("X-Forwarded-Host: pub.test\r\n");
        }
    }

    @Test
    void a_clients_request_id_goes_to_the_server_and_back() {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: abc.1-2_3\r\n\r\n")
                    .read();

            assertThat(response.field("X-Request-Id")).contains("abc.1-2_3");
            assertThat(server.heads().get(0)).contains("X-Request-Id: abc.1-2_3\r\n");
        }
    }

    @Test
    void every_request_without_an_acceptable_id_gets_one_of_its_own() {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            String first = client.get("/").field("X-Request-Id").orElseThrow();
            String second = client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: not acceptable\r\n\r\n")
                    .read()
                    .field("X-Request-Id")
                    .orElseThrow();

            assertThat(List.of(first, second)).allMatch(id -> id.matches("[0-9a-f]{32}"));
            assertThat(first).isNotEqualTo(second);
            assertThat(server.heads().get(0)).contains("X-Request-Id: " + first);
            assertThat(server.heads().get(1)).contains("X-Request-Id: " + second);
        }
    }

    @Test
    void a_servers_own_request_id_and_date_are_kept() {
        RawClient.Response response =
                responseTo("HTTP/1.1 200 Fine", "X-Request-Id: mine", "Date: then", "Content-Length: 0");

        assertThat(response.statusLine()).isEqualTo("HTTP/1.1 200 Fine");
        assertThat(response.fields())
                .filteredOn(f -> f.startsWith("X-Request-Id"))
                .containsExactly("X-Request-Id: mine");
        assertThat(response.fields()).filteredOn(f -> f.startsWith("Date")).containsExactly("Date: then");
    }

    @Test
    void a_missing_date_is_added() {
        assertThat(responseTo("HTTP/1.1 200 OK", "Content-Length: 0")
                        .field("Date")
                        .orElseThrow())
                .endsWith(" GMT");
    }

    @Test
    void hop_by_hop_fields_stay_on_the_servers_connection() {
        RawClient.Response response = responseTo(
                "HTTP/1.1 200 OK",
                "Connection: X-Inner, keep-alive",
                "X-Inner: 1",
                "Keep-Alive: timeout=9",
                "Upgrade: h2c",
                "X-Outer: 2",
                "Content-Length: 0");

        assertThat(response.field("X-Outer")).contains("2");
        assertThat(response.field("X-Inner")).isEmpty();
        assertThat(response.field("Keep-Alive")).isEmpty();
        assertThat(response.field("Upgrade")).isEmpty();
        assertThat(response.field("Connection")).isEmpty();
    }

    @Test
    void an_absolute_target_becomes_a_path() {
        String head = headAtServer("GET http://real.test/x?y HTTP/1.1", "Host: other.test");

        assertThat(head).startsWith("GET /x?y HTTP/1.1\r\n").contains("Host: real.test\r\n");
        assertThat(head).doesNotContain("other.test");
    }

    @Test
    void a_head_response_has_the_length_and_no_body() {
        try (ScriptedServer server = ScriptedServer.start(
                        ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int i = 0; i < 3; i++) {
                RawClient.Response response =
                        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").readHeadOnly();

                assertThat(response.field("Content-Length")).contains("5000");
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_304_has_the_length_and_no_body() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(
                        "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\nContent-Length: 99\r\n\r\n"));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").field("ETag")).contains("\"1\"");
            assertThat(client.get("/").status()).isEqualTo(304);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    private static String headAtServer(String... lines) {
        String request = String.join("\r\n", lines) + "\r\n\r\n";
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.send(request).read().status()).isEqualTo(204);
            return server.heads().get(0);
        }
    }

    private static RawClient.Response responseTo(String... lines) {
        String response = String.join("\r\n", lines) + "\r\n\r\n";
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(response));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            return client.get("/");
        }
    }
}
