package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of statuses after which a request is retried at another server. */
class RetryStatusTest {
    private static final ServerScript OK = ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond");
    private static final ServerScript BUSY =
            ServerScript.answering("HTTP/1.1 503 Busy\r\nX-From: first\r\nContent-Length: 4\r\n\r\nbusy");

    private static final ServerScript TAKES_THREE_AND_IS_BUSY = new ServerScript()
            .expectHead()
            .expect(3)
            .send("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy")
            .again();

    private static ProxyFixture retrying(ScriptedServer... servers) {
        return ProxyFixture.over(b -> b.retryStatuses(Set.of(429, 502, 503)), servers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy",
                "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbusy\r\n0\r\n\r\n"
            })
    void a_get_is_tried_elsewhere_and_the_connection_is_kept(String answer) {
        try (ScriptedServer first = ScriptedServer.start(ServerScript.answering(answer));
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = retrying(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("second");
            assertThat(client.get("/").body()).isEqualTo("second");

            fixture.awaitOutcomes("s1 failed STATUS", "s2 succeeded", "s1 failed STATUS", "s2 succeeded");
            assertThat(first.accepted()).isEqualTo(1);
        }
    }

    @Test
    void an_answer_that_goes_to_the_end_of_its_connection_is_tried_elsewhere_too() {
        ServerScript toTheEnd = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 503 Busy\r\n\r\nbusy")
                .close();
        try (ScriptedServer first = ScriptedServer.start(toTheEnd);
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = retrying(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("second");
        }
    }

    @Test
    void by_default_the_client_gets_the_answer() {
        try (ScriptedServer first = ScriptedServer.start(BUSY);
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("busy");
            fixture.awaitOutcomes("s1 failed STATUS");
        }
    }

    @Test
    void the_last_answer_is_passed_on_where_there_is_no_further_server() {
        ServerScript alsoBusy =
                ServerScript.answering("HTTP/1.1 503 Busy\r\nX-From: second\r\nContent-Length: 9\r\n\r\nvery busy");
        try (ScriptedServer first = ScriptedServer.start(BUSY);
                ScriptedServer second = ScriptedServer.start(alsoBusy);
                ProxyFixture fixture = retrying(first, second);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.get("/");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.field("X-From")).contains("second");
            assertThat(response.body()).isEqualTo("very busy");
            assertThat(client.get("/").body()).isEqualTo("very busy");
        }
    }

    @Test
    void a_post_is_never_tried_elsewhere() {
        try (ScriptedServer first = ScriptedServer.start(TAKES_THREE_AND_IS_BUSY);
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = retrying(first, second);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");

            assertThat(client.read().body()).isEqualTo("busy");
            assertThat(second.accepted()).isZero();
        }
    }

    @Test
    void a_put_takes_its_body_along() {
        ServerScript takes = new ServerScript()
                .expectHead()
                .expect(3)
                .send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond")
                .again();
        try (ScriptedServer first = ScriptedServer.start(TAKES_THREE_AND_IS_BUSY);
                ScriptedServer second = ScriptedServer.start(takes);
                ProxyFixture fixture = retrying(first, second);
                RawClient client = fixture.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");

            assertThat(client.read().body()).isEqualTo("second");
            assertThat(second.received()).endsWith("\r\n\r\nabc");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 40000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n9c40\r\n"})
    void an_answer_too_long_to_be_held_is_passed_on(String framing) {
        String end = framing.startsWith("Transfer") ? "\r\n0\r\n\r\n" : "";
        String answer = "HTTP/1.1 503 Busy\r\n" + framing + "x".repeat(40_000) + end;
        try (ScriptedServer first = ScriptedServer.start(ServerScript.answering(answer));
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = retrying(first, second);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.get("/");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.body()).hasSize(40_000);
            assertThat(client.get("/").body()).hasSize(40_000);
            assertThat(second.accepted()).isZero();
        }
    }

    @Test
    void a_503_that_says_when_to_come_back_tells_of_overload() {
        ServerScript overloaded =
                ServerScript.answering("HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 4\r\n\r\nbusy");
        try (ScriptedServer first = ScriptedServer.start(overloaded);
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = retrying(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("second");
            fixture.awaitOutcomes("s1 failed OVERLOADED", "s2 succeeded");
        }
    }

    @Test
    void a_status_that_is_no_failure_may_be_tried_elsewhere() {
        ServerScript many = ServerScript.answering("HTTP/1.1 429 Many\r\nContent-Length: 4\r\n\r\nmany");
        try (ScriptedServer first = ScriptedServer.start(many);
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = retrying(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("second");
            fixture.awaitOutcomes("s1 succeeded", "s2 succeeded");
        }
    }

    @Test
    void statuses_that_are_no_errors_are_refused() {
        assertThatThrownBy(() -> ReverseProxy.builder().retryStatuses(Set.of(200)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("retry status 200");
    }
}
