package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests of response trailers: they are forwarded only if the client accepts trailers, and only if a receiver may merge
 * them.
 */
class ResponseTrailersTest {
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TE: trailers",
                "te: Trailers",
                "TE: gzip;q=0.5, trailers",
                "TE: trailers , deflate",
                "TE: gzip\r\nTE: trailers",
                "TE:,trailers,"
            })
    void trailers_pass_to_a_client_that_takes_them(String te) {
        try (ScriptedServer server = serving("Checksum: abc\r\nServer-Timing: db;dur=1\r\n");
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: TE\r\n" + te + "\r\n\r\n")
                            .read()
                            .body())
                    .isEqualTo("ok");
            assertThat(client.trailers).containsExactly("Checksum: abc", "Server-Timing: db;dur=1");
            assertThat(server.heads().get(0)).contains("Connection: TE\r\nTE: trailers\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: trailers", "TE: gzip", "TE: xtrailers", "TE: trailersx", "TE: gzip;a=trailers", "TE:"})
    void trailers_are_dropped_for_a_client_that_does_not_take_them(String te) {
        try (ScriptedServer server = serving("Checksum: abc\r\n");
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n" + te + "\r\n\r\n")
                                .read()
                                .body())
                        .isEqualTo("ok");
            }
            assertThat(client.trailers).isEmpty();
            assertThat(server.accepted()).isEqualTo(1);
            assertThat(server.heads().get(0)).doesNotContain("TE: trailers");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length",
                "Transfer-Encoding",
                "Host",
                "Authorization",
                "Proxy-Authenticate",
                "Set-Cookie",
                "Content-Type",
                "If-Match",
                "If-None-Match",
                "If-Modified-Since",
                "If-Unmodified-Since",
                "If-Range",
                "TE",
                "Connection",
                "Via",
                "Proxy",
                "X-Forwarded-For",
                "X_Forwarded_For",
                "Age",
                "Vary"
            })
    void a_field_that_frames_routes_or_authenticates_never_passes_as_a_trailer(String name) {
        try (ScriptedServer server = serving("Kept: 1\r\n" + name + ": 1\r\n");
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: TE\r\nTE: trailers\r\n\r\n")
                    .read();

            assertThat(client.trailers).containsExactly("Kept: 1");
        }
    }

    @Test
    void trailers_of_a_request_still_reach_the_server() {
        ServerScript takes = new ServerScript()
                .expectHead()
                .expectThrough("Checksum: abc\r\n\r\n")
                .send("HTTP/1.1 204 No Content\r\n\r\n")
                .expectEnd();
        try (ScriptedServer server = ScriptedServer.start(takes);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nChecksum: abc\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(204);
        }
    }

    private static ScriptedServer serving(String trailers) {
        return ScriptedServer.start(ServerScript.answering(CHUNKED + trailers + "\r\n"));
    }
}
