package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Key;
import io.github.lbkit.http.KeyExtractor;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of a request's host: key extractor, guard and server see the same host. */
class HostTest {
    private static final ServerScript EMPTY = ServerScript.answering("HTTP/1.1 204 No Content\r\n\r\n");

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.0\r\nHost:\r\n\r\n"})
    void a_request_of_http_1_0_without_host_has_the_authority_of_its_server(String request) {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.send(request).read().status()).isEqualTo(204);

            assertThat(server.heads().get(0))
                    .startsWith("GET / HTTP/1.1\r\n")
                    .containsOnlyOnce("Host:")
                    .contains("Host: 127.0.0.1:" + server.port() + "\r\n")
                    .doesNotContain("X-Forwarded-Host");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / HTTP/1.1\r\nHost: \t\r\n\r\n"})
    void an_empty_host_in_http_1_1_is_400(String request) {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.send(request).read().status()).isEqualTo(400);
            assertThat(server.accepted()).isZero();
        }
    }

    @Test
    void a_higher_minor_version_of_a_request_is_taken_as_http_1_1() {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int minor = 2; minor < 10; minor++) {
                assertThat(client.send("GET /p HTTP/1." + minor + "\r\nHost: a\r\n\r\n")
                                .read()
                                .status())
                        .isEqualTo(204);
            }

            assertThat(server.heads()).hasSize(8).allMatch(head -> head.startsWith("GET /p HTTP/1.1\r\nHost: a\r\n"));
        }
    }

    @Test
    void a_higher_minor_version_of_a_response_is_taken_as_http_1_1() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(
                        "HTTP/1.7 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int i = 0; i < 3; i++) {
                RawClient.Response response = client.get("/");

                assertThat(response.statusLine()).isEqualTo("HTTP/1.1 200 Fine");
                assertThat(response.body()).isEqualTo("a");
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void empty_lines_before_a_request_line_are_skipped() {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int lines = 0; lines <= 8; lines++) {
                assertThat(client.send("\r\n".repeat(lines) + "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                                .read()
                                .status())
                        .as("after %d empty lines", lines)
                        .isEqualTo(204);
            }
            assertThat(client.send("\r\n".repeat(9) + "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(400);
        }
    }

    @Test
    void the_authority_of_an_absolute_target_is_the_host_that_the_router_and_the_server_see() {
        List<String> seen = new CopyOnWriteArrayList<>();
        KeyExtractor byHost = head -> {
            seen.add(head.header("host") + " " + head.headers("HOST") + " "
                    + KeyExtractor.header("Host").key(head).text());
            return Key.none();
        };
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(b -> b.key(byHost), server);
                RawClient client = fixture.client()) {
            client.send("GET http://real.test:81/x HTTP/1.1\r\nHost: other.test\r\n\r\n")
                    .read();

            assertThat(seen).containsExactly("Optional[real.test:81] [real.test:81] real.test:81");
            assertThat(server.heads().get(0))
                    .contains("Host: real.test:81\r\n")
                    .contains("X-Forwarded-Host: real.test:81\r\n")
                    .doesNotContain("other.test");
        }
    }

    @Test
    void the_guard_sees_the_authority_of_an_absolute_target_even_without_a_host_field() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = ProxyFixture.over(
                        b -> b.guard(head -> {
                                    seen.add(head.headers("Host").toString());
                                    return Optional.empty();
                                })
                                .route(
                                        "/here",
                                        0,
                                        request -> LocalResponse.text(
                                                200,
                                                request.head().header("Host").orElse("none"))),
                        server);
                RawClient client = fixture.client()) {
            RawClient.Response response =
                    client.send("GET http://real.test/here HTTP/1.0\r\n\r\n").read();

            assertThat(response.body()).isEqualTo("real.test");
            assertThat(seen).containsExactly("[real.test]");
        }
    }
}
