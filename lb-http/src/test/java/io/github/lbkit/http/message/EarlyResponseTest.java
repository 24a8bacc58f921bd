package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.Timeouts;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests of responses that arrive while the client still sends: a client that first sends and then reads receives them
 * (RFC 9112 9.6).
 */
class EarlyResponseTest {
    private static final int SIZE = 10 << 20;
    private static final ServerScript TOO_LARGE = new ServerScript()
            .expectHead()
            .send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 4\r\nConnection: close\r\n\r\nlong");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_client_that_sends_ten_mebibytes_before_it_reads_gets_the_early_answer(boolean serverCloses) {
        try (ScriptedServer server = ScriptedServer.start(serverCloses ? TOO_LARGE : TOO_LARGE.stall());
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + SIZE + "\r\n\r\n")
                    .send(new byte[SIZE]);

            RawClient.Response response = client.read();

            assertThat(response.status()).isEqualTo(413);
            assertThat(response.body()).isEqualTo("long");
            assertThat(response.field("Connection")).contains("close");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void a_chunked_upload_gets_the_early_answer_too() {
        try (ScriptedServer server = ScriptedServer.start(TOO_LARGE.stall());
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < SIZE; i += 1 << 16) {
                client.send("10000\r\n").send(new byte[1 << 16]).send("\r\n");
            }
            client.send("0\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(413);
        }
    }

    @Test
    void a_refusal_of_the_proxy_is_read_behind_an_upload_too() {
        try (ScriptedServer server = ScriptedServer.refusing();
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + SIZE + "\r\nBad Field: 1\r\n\r\n")
                    .send(new byte[SIZE]);

            assertThat(client.read().status()).isEqualTo(400);
        }
    }

    @Test
    void a_client_that_never_stops_to_send_is_cut_in_the_end() {
        try (ScriptedServer server = ScriptedServer.start(TOO_LARGE.stall());
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(idle(Duration.ofMillis(50))), server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + Long.MAX_VALUE + "\r\n\r\n");

            assertThatThrownBy(() -> {
                        for (long i = 0; i < 1L << 20; i++) {
                            client.send(new byte[1 << 16]);
                        }
                    })
                    .isInstanceOf(UncheckedIOException.class);
            Await.until("the connection has ended", () -> fixture.proxy.clientConnections() == 0);
        }
    }

    @Test
    void a_client_that_sends_nothing_more_is_not_waited_for_long() {
        try (ScriptedServer server = ScriptedServer.start(TOO_LARGE.stall());
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(idle(Duration.ofMillis(50))), server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + SIZE + "\r\n\r\nabc");

            assertThat(client.read().status()).isEqualTo(413);
            Await.until("the connection has ended", () -> fixture.proxy.clientConnections() == 0);
        }
    }

    private static Timeouts idle(Duration idle) {
        return Timeouts.builder().clientIdle(idle).build();
    }
}
