package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of Max-Forwards in OPTIONS and TRACE (RFC 9110 7.6.2), and of fields that no server receives. */
class MaxForwardsTest {
    private static final ServerScript EMPTY = ServerScript.answering("HTTP/1.1 204 No Content\r\n\r\n");

    @ParameterizedTest
    @CsvSource({"OPTIONS, *", "OPTIONS, /a", "TRACE, /a"})
    void max_forwards_0_reaches_no_server(String method, String target) {
        for (String zero : new String[] {"0", "000"}) {
            try (ScriptedServer server = ScriptedServer.start(EMPTY);
                    ProxyFixture fixture = ProxyFixture.over(server);
                    RawClient client = fixture.client()) {
                RawClient.Response response = client.send(
                                method + " " + target + " HTTP/1.1\r\nHost: a\r\nMax-Forwards: " + zero + "\r\n\r\n")
                        .read();

                assertThat(response.status()).isEqualTo(200);
                assertThat(server.accepted()).isZero();
            }
        }
    }

    @Test
    void options_0_says_which_methods_the_proxy_passes() {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n")
                    .read();

            assertThat(response.field("Allow")).contains("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE");
            assertThat(response.field("Content-Length")).contains("0");
            assertThat(client.get("/").status()).as("on the same connection").isEqualTo(204);
        }
    }

    @Test
    void trace_0_shows_the_head_as_it_came_without_what_is_secret() {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.send(lines(
                            "TRACE /x?y HTTP/1.1",
                            "Host: a",
                            "Cookie: secret",
                            "X-One:  1",
                            "authorization: secret",
                            "Proxy-Authorization: secret",
                            "Max-Forwards: 0",
                            "Via: 1.1 b"))
                    .read();

            assertThat(response.field("Content-Type")).contains("message/http");
            assertThat(response.body())
                    .isEqualTo("TRACE /x?y HTTP/1.1\r\nHost: a\r\nX-One:  1\r\nMax-Forwards: 0\r\nVia: 1.1 b\r\n\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPTIONS, 1, 0",
        "OPTIONS, 10, 9",
        "TRACE, 0100, 99",
        "OPTIONS, 9223372036854775807, 9223372036854775806",
        "OPTIONS, 99999999999999999999999, 9223372036854775806",
        "OPTIONS, x, x",
        "OPTIONS, -1, -1",
        "OPTIONS, 1.0, 1.0",
        "OPTIONS, '', ''",
        "GET, 0, 0",
        "POST, 5, 5",
    })
    void a_number_above_0_is_one_less_at_the_server_and_everything_else_passes(
            String method, String value, String expected) {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send(method + " /a HTTP/1.1\r\nHost: a\r\nMax-Forwards: " + value + "\r\nX: y\r\n\r\n")
                    .read();

            assertThat(server.heads().get(0).lines().filter(line -> line.startsWith("Max-Forwards")))
                    .containsExactly(("Max-Forwards: " + expected));
            assertThat(server.heads().get(0)).contains("X: y\r\n");
        }
    }

    @Test
    void of_several_numbers_the_smallest_counts_and_one_goes_on() {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("OPTIONS /a HTTP/1.1\r\nHost: a\r\nMax-Forwards: 5\r\nMax-Forwards: 3\r\n\r\n")
                    .read();

            assertThat(server.heads().get(0).lines().filter(line -> line.startsWith("Max-Forwards")))
                    .containsExactly("Max-Forwards: 2");
        }
    }

    @Test
    void the_proxy_field_of_a_request_reaches_no_server() {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nProxy: http://evil.test\r\npROXY:x\r\nProxy-Kept: 1\r\n\r\n")
                    .read();

            assertThat(server.heads().get(0))
                    .doesNotContain("evil")
                    .doesNotContainIgnoringCase("\nproxy:")
                    .contains("Proxy-Kept: 1");
        }
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n\r\n";
    }
}
