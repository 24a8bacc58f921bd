package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.http.fixture.FixedPool;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of servers with a scheme that the proxy does not support: no byte of a request is sent to them. */
@Isolated("it reads what the logger writes to the standard error stream")
class UnsupportedSchemeTest {
    private static final ServerScript OK = ServerScript.answering("HTTP/1.1 204 No Content\r\n\r\n");

    @ParameterizedTest
    @ValueSource(strings = {"HTTPS", "h2c", "ftp", "HTTP2"})
    void a_proxy_does_not_start_over_a_server_with_an_unsupported_scheme(String scheme) {
        assertThatThrownBy(() -> ProxyFixture.named(
                        b -> b,
                        Address.of("127.0.0.1", 9001),
                        new Address("127.0.0.1", 9002, Map.of("scheme", scheme))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("server s2 at 127.0.0.1:9002 has the scheme " + scheme
                        + ", and the proxy supports only http and https towards servers: requests would be sent"
                        + " unencrypted");
    }

    @Test
    void a_server_that_joins_later_gets_no_connection_and_one_line_of_the_log() {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (ScriptedServer secret = ScriptedServer.start(OK);
                ScriptedServer plain = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(plain);
                RawClient client = fixture.client()) {
            Address unsupported = new Address("127.0.0.1", secret.port(), Map.of("scheme", "h2c"));
            fixture.pool.set(
                    FixedPool.server("s0", 1, unsupported), FixedPool.server("s1", 1, "127.0.0.1", plain.port()));
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/").status()).isEqualTo(204);
            }
            fixture.pool.set(FixedPool.server("s0", 1, unsupported));

            assertThat(client.get("/").status()).isEqualTo(503);
            assertThat(secret.accepted()).isZero();
            assertThat(plain.heads()).hasSize(5);
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("has the scheme h2c")))
                .hasSize(1)
                .allMatch(line -> line.contains("server s0 at 127.0.0.1:"));
    }

    @Test
    void a_server_with_the_scheme_http_gets_requests() {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture =
                        ProxyFixture.named(b -> b, new Address("127.0.0.1", server.port(), Map.of("scheme", "http")));
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(204);
        }
    }
}
