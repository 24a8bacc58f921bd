package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of responses that end at the empty line, whatever their framing fields announce (RFC 9112 6.3). */
class BodilessResponseTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @ParameterizedTest
    @CsvSource({
        "Content-Length: 5,",
        "Content-Length: 0,",
        "Content-Length: x,",
        "Content-Length: 5\\r\\nContent-Length: 6,",
        "Transfer-Encoding: chunked,",
        "Transfer-Encoding: gzip,",
        "Transfer-Encoding: chunked\\r\\nContent-Length: 5,",
    })
    void a_204_has_no_framing_field(String fields) {
        assertFraming("GET", "204 No Content", fields, null);
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length: 5, 5",
        "Content-Length: 007, 7",
        "Content-Length: x,",
        "Content-Length: 5\\r\\nContent-Length: 5,",
        "Content-Length: 99999999999999999999,",
        "Transfer-Encoding: chunked,",
        "Transfer-Encoding: gzip,",
        "Transfer-Encoding: chunked\\r\\nContent-Length: 5,",
    })
    void a_304_and_an_answer_to_head_have_one_valid_length_or_none(String fields, @Nullable String length) {
        assertFraming("GET", "304 Not Modified", fields, length);
        assertFraming("HEAD", "200 OK", fields, length);
        assertFraming("HEAD", "404 Not Found", fields, length);
    }

    private static void assertFraming(String method, String status, String fields, @Nullable String length) {
        String head = "HTTP/1.1 " + status + "\r\n" + fields.translateEscapes() + "\r\nX-End: 1\r\n\r\n";
        try (ScriptedServer server = ScriptedServer.start(new ServerScript()
                        .expectHead()
                        .send(head)
                        .expectHead()
                        .send(OK)
                        .expectEnd());
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            RawClient.Response response =
                    client.send(method + " / HTTP/1.1\r\nHost: a\r\n\r\n").readHeadOnly();

            assertThat(response.statusLine()).isEqualTo("HTTP/1.1 " + status);
            assertThat(response.field("X-End")).contains("1");
            assertThat(response.field("Transfer-Encoding")).isEmpty();
            assertThat(response.fields())
                    .filteredOn(f -> f.startsWith("Content-Length"))
                    .isEqualTo(length == null ? List.of() : List.of("Content-Length: " + length));
            fixture.awaitOutcomes("s1 succeeded");
        }
    }

    @Test
    void the_body_that_a_server_sends_with_204_reaches_no_client() {
        ServerScript lies = ServerScript.answering("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello");
        try (ScriptedServer server = ScriptedServer.start(lies);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/").status()).isEqualTo(204);
            }
            assertThat(server.accepted()).as("connections, none used twice").isEqualTo(5);
        }
    }

    @Test
    void an_interim_response_ends_at_its_empty_line_too() {
        ServerScript hints = ServerScript.answering(
                "HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nLink: </a>\r\n\r\n"
                        + OK);
        try (ScriptedServer server = ScriptedServer.start(hints);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            RawClient.Response interim = client.get("/");

            assertThat(interim.status()).isEqualTo(103);
            assertThat(interim.fields()).containsExactly("Link: </a>");
            assertThat(client.read().body()).isEqualTo("ok");
        }
    }
}
