package io.github.lbkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Responses that are cut in the middle: the client sees a reset, never an end that could be taken for the end of the
 * body.
 */
class CutVisibleTest {
    private static final String TO_CLOSE_10 = "HTTP/1.0 200 OK\r\n\r\n";
    private static final String TO_CLOSE_11 = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n";
    private static final String LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";

    private enum Body {
        TO_CLOSE_10_RESET(TO_CLOSE_10, true),
        TO_CLOSE_11_RESET(TO_CLOSE_11, true),
        CHUNKED_RESET(CHUNKED, true),
        CHUNKED_END(CHUNKED, false),
        LENGTH_RESET(LENGTH, true),
        LENGTH_END(LENGTH, false),
        BAD_CHUNK(CHUNKED, false);

        private final String head;
        private final boolean resets;

        Body(String head, boolean resets) {
            this.head = head;
            this.resets = resets;
        }

        ServerScript script(CountDownLatch seen) {
            ServerScript script =
                    new ServerScript().expectHead().send(head + "part").await(seen);
            if (this == BAD_CHUNK) {
                return script.send("\r\nx").expectEnd();
            }
            return resets ? script.reset() : script.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TO_CLOSE_10_RESET, 1.0", "TO_CLOSE_10_RESET, 1.1",
        "TO_CLOSE_11_RESET, 1.0", "TO_CLOSE_11_RESET, 1.1",
        "CHUNKED_RESET, 1.0", "CHUNKED_RESET, 1.1",
        "CHUNKED_END, 1.0", "CHUNKED_END, 1.1",
        "LENGTH_RESET, 1.0", "LENGTH_RESET, 1.1",
        "LENGTH_END, 1.0", "LENGTH_END, 1.1",
        "BAD_CHUNK, 1.0", "BAD_CHUNK, 1.1",
    })
    void a_body_that_its_server_cuts_ends_by_a_reset(Body body, String version) throws IOException {
        CountDownLatch seen = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(body.script(seen));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/" + version + "\r\nHost: a\r\n\r\n");
            assertThat(client.line()).startsWith("HTTP/1.1 200");
            seen.countDown();

            assertReset(client);
        }
    }

    @ParameterizedTest
    @CsvSource({"1.0", "1.1"})
    void a_body_that_its_server_does_not_go_on_with_ends_by_a_reset(String version) throws IOException {
        ServerScript stalls =
                new ServerScript().expectHead().send(TO_CLOSE_10 + "part").stall();
        try (ScriptedServer server = ScriptedServer.start(stalls);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(TimeoutsUnderTest.silence()), server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/" + version + "\r\nHost: a\r\n\r\n");
            assertThat(client.line()).startsWith("HTTP/1.1 200");

            assertReset(client);
        }
    }

    @ParameterizedTest
    @CsvSource({"1.0", "1.1"})
    void a_body_that_its_client_is_too_slow_for_ends_by_a_reset(String version) {
        ServerScript endless = new ServerScript()
                .expectHead()
                .send(TO_CLOSE_10)
                .sendRepeatedly(new byte[1 << 20], 64)
                .expectEnd();
        try (ScriptedServer server = ScriptedServer.start(endless);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(TimeoutsUnderTest.writeStall()), server);
                RawClient client = RawClient.slow(fixture.proxy)) {
            client.send("GET / HTTP/" + version + "\r\nHost: a\r\n\r\n");
            Await.until(
                    "the connection has ended", () -> server.accepted() == 1 && fixture.proxy.clientConnections() == 0);

            assertReset(client);
        }
    }

    @Test
    void a_response_that_is_complete_and_not_taken_ends_by_a_reset() {
        ServerScript large = new ServerScript()
                .expectHead()
                .send("HTTP/1.0 200 OK\r\n\r\n")
                .sendRepeatedly(new byte[1 << 20], 8)
                .close();
        try (ScriptedServer server = ScriptedServer.start(large);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(TimeoutsUnderTest.writeStall()), server);
                RawClient client = RawClient.slow(fixture.proxy)) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            Await.until(
                    "the connection has ended", () -> server.accepted() == 1 && fixture.proxy.clientConnections() == 0);

            assertReset(client);
        }
    }

    @Test
    void a_client_that_half_closes_within_its_response_sees_a_reset_where_it_is_taken_for_gone() throws IOException {
        ServerScript stalls =
                new ServerScript().expectHead().send(TO_CLOSE_10 + "part").expectEnd();
        try (ScriptedServer server = ScriptedServer.start(stalls);
                ProxyFixture fixture = ProxyFixture.over(b -> b.abortOnHalfClose(true), server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.line()).startsWith("HTTP/1.1 200");
            client.halfClose();

            assertReset(client);
        }
    }

    @Test
    void a_body_that_its_server_ends_in_order_ends_in_order() {
        ServerScript complete =
                new ServerScript().expectHead().send(TO_CLOSE_10 + "whole").close();
        try (ScriptedServer server = ScriptedServer.start(complete);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.send("GET / HTTP/1.0\r\n\r\n").read().body()).isEqualTo("whole");
        }
    }

    private static void assertReset(RawClient client) {
        assertThatThrownBy(client::readToEnd)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Connection reset");
    }
}
