package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of refused requests: they get a short answer, and no server receives a byte of them. */
class RefusalTest {
    private static final ServerScript OK = ServerScript.answering("HTTP/1.1 204 No Content\r\n\r\n");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GE(T / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /#frag HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc",
                "nonsense\r\n\r\n"
            })
    void a_malformed_request_is_400_and_reaches_no_server(String request) {
        assertRefused(request, 400);
    }

    @ParameterizedTest
    @CsvSource({"HTTP/2.0, 505", "HTTP/0.9, 505", "HTTP/1.10, 400", "http/1.1, 400"})
    void a_wrong_version_reaches_no_server(String version, int status) {
        assertRefused("GET / " + version + "\r\nHost: a\r\n\r\n", status);
    }

    @Test
    void a_feature_that_is_not_implemented_is_501() {
        assertRefused("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 501);
        assertRefused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501);
    }

    @Test
    void too_long_a_request_line_is_414() {
        assertRefused("GET /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414);
    }

    @Test
    void too_long_a_head_is_431() {
        assertRefused("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(20_000) + "\r\n\r\n", 431);
    }

    @Test
    void too_many_fields_are_431() {
        assertRefused("GET / HTTP/1.1\r\nHost: a\r\n" + "X: 1\r\n".repeat(101) + "\r\n", 431);
    }

    @Test
    void an_unknown_expectation_is_417() {
        assertRefused("POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 0\r\n\r\n", 417);
    }

    @Test
    void the_answer_survives_what_the_client_still_sends() {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("BAD\r\n\r\n" + "x".repeat(100_000));

            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void a_bad_chunk_is_400_and_ends_the_exchange_at_the_server() {
        ServerScript takes = new ServerScript().expectHead().expectEnd();
        try (ScriptedServer server = ScriptedServer.start(takes);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            server.awaitReceived(1);
            RawClient.Response response = client.send("0x5\r\n").read();

            assertThat(response.status()).isEqualTo(400);
            assertThat(client.isAtEnd()).isTrue();
            server.awaitEnded(1);
            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    @Test
    void a_bad_request_behind_a_good_one_is_refused_after_the_answer() {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nBAD\r\n\r\nGET /never HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(204);
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.isAtEnd()).isTrue();
            assertThat(server.heads()).hasSize(1);
        }
    }

    @Test
    void the_answer_says_nothing_about_the_inside() {
        try (ScriptedServer server = ScriptedServer.refusing();
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.get("/");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("503 Service Unavailable\n");
            assertThat(response.fields()).noneMatch(f -> f.contains(Integer.toString(server.port())));
        }
    }

    private static void assertRefused(String request, int status) {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.send(request).read();

            assertThat(response.status()).isEqualTo(status);
            assertThat(response.field("Connection")).contains("close");
            assertThat(response.body()).hasSizeLessThan(100);
            assertThat(client.isAtEnd()).isTrue();
            assertThat(server.accepted()).isZero();
        }
    }
}
