package io.github.lbkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import org.junit.jupiter.api.Test;

/** Connections that serve more than one request, on either side. */
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
            }
            assertThat(server.accepted()).isEqualTo(1);
            assertThat(server.heads()).hasSize(20);
        }
    }
}
