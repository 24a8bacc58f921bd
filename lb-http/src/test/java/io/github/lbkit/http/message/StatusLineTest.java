package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of status lines with unregistered statuses. */
class StatusLineTest {
    @ParameterizedTest
    @ValueSource(ints = {600, 666, 799, 999})
    void a_status_from_600_to_999_passes_as_it_is(int status) {
        try (ScriptedServer server = ScriptedServer.start(
                        ServerScript.answering("HTTP/1.1 " + status + " Odd\r\nContent-Length: 0\r\n\r\n"));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").statusLine()).isEqualTo("HTTP/1.1 " + status + " Odd");
            assertThat(client.get("/").status()).isEqualTo(status);
            fixture.awaitOutcomes("s1 succeeded", "s1 succeeded");
        }
    }

    @Test
    void a_status_above_599_can_be_named_a_failure_like_any_other_of_a_server() {
        try (ScriptedServer server =
                        ScriptedServer.start(ServerScript.answering("HTTP/1.1 700 Odd\r\nContent-Length: 0\r\n\r\n"));
                ProxyFixture fixture = ProxyFixture.over(b -> b.failureStatuses(Set.of(700)), server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(700);
            fixture.awaitOutcomes("s1 failed STATUS");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200", "HTTP/1.1 200 ", "HTTP/1.0 200", "HTTP/1.3 200"})
    void a_status_line_without_a_reason_passes_with_the_blank_that_clients_expect(String line) {
        try (ScriptedServer server =
                        ScriptedServer.start(ServerScript.answering(line + "\r\nContent-Length: 2\r\n\r\nok"));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.get("/");

            assertThat(response.statusLine()).isEqualTo("HTTP/1.1 200 ");
            assertThat(response.body()).isEqualTo("ok");
        }
    }
}
