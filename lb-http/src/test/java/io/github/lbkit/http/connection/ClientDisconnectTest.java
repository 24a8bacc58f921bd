package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import org.junit.jupiter.api.Test;

/**
 * Tests of clients that disconnect, with the setting that such clients are gone at once: their requests are abandoned.
 */
class ClientDisconnectTest {
    private static final ServerScript WAITS = new ServerScript().expectHead().expectEnd();

    @Test
    void a_client_that_closes_ends_the_exchange_at_the_server() {
        try (ScriptedServer server = ScriptedServer.start(WAITS);
                ProxyFixture fixture = ProxyFixture.over(b -> b.abortOnHalfClose(true), server)) {
            try (RawClient client = fixture.client()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                server.awaitHeads(1);
            }

            server.awaitEnded(1);
            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    @Test
    void a_client_that_resets_ends_the_exchange_at_the_server() {
        try (ScriptedServer server = ScriptedServer.start(WAITS);
                ProxyFixture fixture = ProxyFixture.over(b -> b.abortOnHalfClose(true), server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            server.awaitHeads(1);

            client.reset();

            server.awaitEnded(1);
            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    @Test
    void a_client_that_half_closes_is_taken_to_be_gone() {
        try (ScriptedServer server = ScriptedServer.start(WAITS);
                ProxyFixture fixture = ProxyFixture.over(b -> b.abortOnHalfClose(true), server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            server.awaitHeads(1);

            client.halfClose();

            assertThat(client.isAtEnd()).isTrue();
            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    @Test
    void a_client_that_leaves_while_it_sends_its_body_ends_the_exchange() {
        try (ScriptedServer server = ScriptedServer.start(WAITS);
                ProxyFixture fixture =
                        ProxyFixture.over(b -> b.requestBuffering(false).abortOnHalfClose(true), server)) {
            try (RawClient client = fixture.client()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
                server.awaitReceived(3);
            }

            server.awaitEnded(1);
            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    @Test
    void a_client_that_leaves_in_the_middle_of_its_response_ends_the_exchange() {
        ServerScript endless = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
                .sendRepeatedly(new byte[1 << 20], 1024);
        try (ScriptedServer server = ScriptedServer.start(endless);
                ProxyFixture fixture = ProxyFixture.over(b -> b.abortOnHalfClose(true), server)) {
            try (RawClient client = fixture.client()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.in()).isNotNull();
                server.awaitHeads(1);
            }

            server.awaitEnded(1);
            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    @Test
    void a_client_that_disconnects_within_its_head_affects_no_other() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering("HTTP/1.1 204 No Content\r\n\r\n"));
                ProxyFixture fixture = ProxyFixture.over(b -> b.abortOnHalfClose(true), server);
                RawClient other = fixture.client()) {
            try (RawClient client = fixture.client()) {
                client.send("GET / HTT");
            }
            assertThat(other.get("/").status()).isEqualTo(204);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }
}
