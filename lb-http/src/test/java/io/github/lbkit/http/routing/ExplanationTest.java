package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.CapturedLog;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.ShortTimeouts;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import org.junit.jupiter.api.Test;

/** Tests of the log lines that explain errors which no server sent. */
class ExplanationTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: id-%d\r\n\r\n";

    @Test
    void a_504_is_explained_by_request_server_reason_and_setting() {
        ServerScript silent = new ServerScript().expectHead().stall();
        try (CapturedLog log = new CapturedLog();
                ScriptedServer server = ScriptedServer.start(silent);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.response()), server);
                RawClient client = fixture.client()) {
            assertThat(client.send(REQUEST.formatted(1)).read().status()).isEqualTo(504);

            assertThat(log.awaitLineWith("id-1"))
                    .contains("WARN")
                    .contains("504 for request id-1: server s1: it sent no response head in time")
                    .contains("--response-timeout")
                    .contains("[response-timeout]");
        }
    }

    @Test
    void a_response_that_breaks_a_limit_is_explained_by_the_limit() {
        ServerScript tooBig = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nA: " + "a".repeat(300_000) + "\r\n\r\n")
                .stall();
        try (CapturedLog log = new CapturedLog();
                ScriptedServer server = ScriptedServer.start(tooBig);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.send(REQUEST.formatted(2)).read().status()).isEqualTo(502);

            assertThat(log.awaitLineWith("id-2"))
                    .contains("502")
                    .contains("response head larger than --max-response-head")
                    .contains("Limits");
        }
    }

    @Test
    void a_503_without_a_server_is_explained_by_its_reason() {
        try (CapturedLog log = new CapturedLog();
                ProxyFixture fixture = ProxyFixture.over();
                RawClient client = fixture.client()) {
            assertThat(client.send(REQUEST.formatted(3)).read().status()).isEqualTo(503);

            assertThat(log.awaitLineWith("id-3")).contains("[no-server:pool-empty]");
        }
    }

    @Test
    void a_hundred_errors_of_one_server_and_reason_are_one_line_in_a_minute() {
        try (CapturedLog log = new CapturedLog();
                ScriptedServer server = ScriptedServer.refusing();
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int i = 0; i < 100; i++) {
                assertThat(client.send(REQUEST.formatted(100 + i)).read().status())
                        .isEqualTo(503);
            }
            String first = log.awaitLineWith("[connect-failed]");

            assertThat(first).contains("id-100");
            assertThat(log.with("[connect-failed]")).hasSize(1);
        }
    }
}
