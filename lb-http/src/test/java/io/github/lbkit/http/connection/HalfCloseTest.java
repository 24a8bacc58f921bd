package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.ProcessCpu;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of clients that close their sending side and still read: their complete requests are answered. */
class HalfCloseTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void a_request_that_was_complete_before_the_client_half_closed_is_answered() {
        CountDownLatch halfClosed = new CountDownLatch(1);
        ServerScript waits =
                new ServerScript().expectHead().await(halfClosed).send(OK).expectEnd();
        try (ScriptedServer server = ScriptedServer.start(waits);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client();
                RawClient other = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            server.awaitHeads(1);
            client.halfClose();
            other.send("GET /nothing HTTP/2.9\r\n\r\n").read(); // the loop has seen the end by now

            halfClosed.countDown();

            assertThat(client.read().body()).isEqualTo("ok");
            assertThat(client.isAtEnd()).isTrue();
            fixture.awaitOutcomes("s1 succeeded");
        }
    }

    @Test
    void a_client_that_sends_its_body_and_half_closes_at_once_is_answered() {
        ServerScript takes =
                new ServerScript().expectHead().expect(300_000).send(OK).expectEnd();
        try (ScriptedServer server = ScriptedServer.start(takes);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + "x".repeat(300_000));
            client.halfClose();

            assertThat(client.read().body()).isEqualTo("ok");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void requests_sent_ahead_of_the_end_are_all_answered() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(
                        b -> b.route("/local", 10, request -> LocalResponse.text(200, "here")), server);
                RawClient client = fixture.client()) {
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /local HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "POST /local HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                    + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            client.halfClose();

            assertThat(client.read().body()).isEqualTo("ok");
            assertThat(client.read().body()).isEqualTo("here");
            assertThat(client.read().body()).isEqualTo("here");
            assertThat(client.read().body()).isEqualTo("ok");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void a_response_larger_than_the_socket_takes_is_sent_whole_after_the_end() {
        ServerScript large = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\n")
                .sendRepeatedly(new byte[1 << 20], 8)
                .expectEnd();
        try (ScriptedServer server = ScriptedServer.start(large);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = RawClient.slow(fixture.proxy)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.halfClose();

            assertThat(client.read().body()).hasSize(8 << 20);
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTT",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                "\r\n",
                ""
            })
    void an_end_before_the_request_is_complete_ends_the_connection(String part) {
        try (ScriptedServer server =
                        ScriptedServer.start(new ServerScript().expectHead().expectEnd());
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send(part);
            client.halfClose();

            assertThat(client.isAtEnd()).isTrue();
            Await.until("the connection has ended", () -> fixture.proxy.clientConnections() == 0);
            fixture.awaitNothingInFlight();
        }
    }

    @Test
    void an_end_behind_a_part_of_a_later_request_comes_after_the_answers() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTT");
            client.halfClose();

            assertThat(client.read().body()).isEqualTo("ok");
            assertThat(client.isAtEnd()).isTrue();
            assertThat(server.heads()).hasSize(1);
        }
    }

    @Test
    void a_client_that_has_left_for_good_keeps_no_loop_busy_and_ends_with_the_response() {
        CountDownLatch left = new CountDownLatch(1);
        ServerScript streams = new ServerScript()
                .expectHead()
                .await(left)
                .send("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
                .sendRepeatedly(new byte[1 << 20], 1024);
        try (ScriptedServer server = ScriptedServer.start(streams);
                ProxyFixture fixture = ProxyFixture.over(server)) {
            try (RawClient client = fixture.client()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                server.awaitHeads(1);
            }
            try (RawClient other = fixture.client()) {
                other.send("GET /nothing HTTP/2.9\r\n\r\n").read(); // the loop has seen the end by now
            }
            ProcessCpu.awaitIdle();

            left.countDown();

            server.awaitEnded(1);
            fixture.awaitOutcomes("s1 abandoned");
        }
    }
}
