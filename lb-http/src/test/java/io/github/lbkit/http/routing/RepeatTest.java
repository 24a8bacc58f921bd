package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.Limits;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.ShortTimeouts;
import io.github.lbkit.http.fixture.TruncatedResponses;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of which requests are retried at another server. */
class RepeatTest {
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    private static final String PUT = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    private static final ServerScript OK = ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond");
    private static final ServerScript TAKES_THREE = new ServerScript()
            .expectHead()
            .expect(3)
            .send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond")
            .again();

    @Test
    void a_get_goes_on_where_the_first_server_refuses() {
        try (ScriptedServer refusing = ScriptedServer.refusing();
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(refusing, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("second");
            fixture.awaitOutcomes("s1 failed CONNECT", "s2 succeeded");
        }
    }

    @Test
    void a_post_of_which_nothing_was_written_goes_on() {
        try (ScriptedServer refusing = ScriptedServer.refusing();
                ScriptedServer second = ScriptedServer.start(TAKES_THREE);
                ProxyFixture fixture = ProxyFixture.over(refusing, second);
                RawClient client = fixture.client()) {
            assertThat(client.send(POST).read().body()).isEqualTo("second");
            assertThat(second.received()).endsWith("\r\n\r\nabc");
            fixture.awaitOutcomes("s1 failed CONNECT", "s2 succeeded");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 2",
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfirst"
            })
    void a_get_goes_on_where_a_short_response_is_cut(String part) {
        ServerScript cut = new ServerScript().expectHead().send(part).reset();
        ServerScript ended = new ServerScript().expectHead().send(part).close();
        for (ServerScript script : new ServerScript[] {cut, ended}) {
            try (ScriptedServer first = ScriptedServer.start(script);
                    ScriptedServer second = ScriptedServer.start(OK);
                    ProxyFixture fixture = ProxyFixture.over(first, second);
                    RawClient client = fixture.client()) {
                assertThat(client.get("/").body()).isEqualTo("second");
                fixture.awaitOutcomes("s1 failed DISCONNECT", "s2 succeeded");
            }
        }
    }

    @Test
    void a_put_is_sent_again_with_its_body() {
        ServerScript cut = new ServerScript().expectHead().expect(3).reset();
        try (ScriptedServer first = ScriptedServer.start(cut);
                ScriptedServer second = ScriptedServer.start(TAKES_THREE);
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.send(PUT).read().body()).isEqualTo("second");
            assertThat(second.received()).endsWith("\r\n\r\nabc");
        }
    }

    @Test
    void a_put_whose_body_is_still_coming_is_sent_again_and_goes_on() {
        ServerScript cut = new ServerScript().expectHead().expectThrough("one").reset();
        ServerScript takes = new ServerScript()
                .expectHead()
                .expectThrough("0\r\n\r\n")
                .send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecond")
                .stall();
        try (ScriptedServer first = ScriptedServer.start(cut);
                ScriptedServer second = ScriptedServer.start(takes);
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
            second.awaitReceived(1);
            client.send("3\r\ntwo\r\n0\r\n\r\n");

            assertThat(client.read().body()).isEqualTo("second");
            assertThat(second.received()).endsWith("\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
        }
    }

    @Test
    void a_post_that_was_written_is_not_sent_again() {
        ServerScript cut = new ServerScript().expectHead().expect(3).reset();
        try (ScriptedServer first = ScriptedServer.start(cut);
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.send(POST).read().status()).isEqualTo(502);
            assertThat(second.accepted()).isZero();
            fixture.awaitOutcomes("s1 failed DISCONNECT");
        }
    }

    @Test
    void a_put_whose_body_outgrew_the_replay_buffer_is_not_sent_again() {
        ServerScript cut = new ServerScript().expectHead().expect(3).reset();
        Limits limits = Limits.builder().replay(2).build();
        try (ScriptedServer first = ScriptedServer.start(cut);
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(b -> b.limits(limits), first, second);
                RawClient client = fixture.client()) {
            assertThat(client.send(PUT).read().status()).isEqualTo(502);
            assertThat(second.accepted()).isZero();
        }
    }

    @Test
    void a_long_response_that_is_cut_is_cut_for_the_client() {
        String part = "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + "x".repeat(500);
        assertCut(new ServerScript().expectHead().send(part).reset());
        assertCut(new ServerScript().expectHead().send(part).close());
    }

    @Test
    void a_chunked_response_that_is_cut_is_cut_for_the_client() {
        String part = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
        assertCut(new ServerScript().expectHead().send(part).reset());
        assertCut(new ServerScript().expectHead().send(part).close());
    }

    @Test
    void a_chunked_response_that_breaks_the_protocol_after_a_while_is_cut_for_the_client() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        ServerScript script = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                .await(begun)
                .send("oops\r\n")
                .stall();
        try (ScriptedServer first = ScriptedServer.start(script);
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");

            begun.countDown();

            assertThat(TruncatedResponses.restOf(client)).isTrue();
            assertThat(second.accepted()).isZero();
            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    private static void assertCut(ServerScript script) {
        try (ScriptedServer first = ScriptedServer.start(script);
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(TruncatedResponses.of(client)).isTrue();
            assertThat(second.accepted()).isZero();
            assertThat(fixture.outcomes).hasSize(1).allMatch(o -> o.startsWith("s1 failed"));
        }
    }

    @Test
    void a_get_goes_on_where_the_server_does_not_answer_in_time() {
        try (ScriptedServer first =
                        ScriptedServer.start(new ServerScript().expectHead().stall());
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.response()), first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("second");
            fixture.awaitOutcomes("s1 failed TIMEOUT", "s2 succeeded");
        }
    }

    @Test
    void a_post_that_is_not_answered_in_time_is_not_sent_again() {
        try (ScriptedServer first =
                        ScriptedServer.start(new ServerScript().expectHead().stall());
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.response()), first, second);
                RawClient client = fixture.client()) {
            assertThat(client.send(POST).read().status()).isEqualTo(504);
            assertThat(second.accepted()).isZero();
        }
    }

    @Test
    void a_get_on_a_stale_connection_is_sent_again_to_the_same_server_and_no_fault_is_counted() {
        // the server reads the second request before it ends: no sign of that could be seen before
        ServerScript stale = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst")
                .expectHead()
                .close();
        try (ScriptedServer first = ScriptedServer.start(stale, OK);
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("first");
            assertThat(client.get("/").body()).isEqualTo("second");
            assertThat(first.accepted()).isEqualTo(2);
            assertThat(second.accepted()).isZero();
            fixture.awaitOutcomes("s1 succeeded", "s1 succeeded");
        }
    }

    @Test
    void a_post_on_a_stale_connection_is_refused_and_no_fault_is_counted() {
        ServerScript stale = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst")
                .expectHead()
                .expect(3)
                .reset();
        try (ScriptedServer first = ScriptedServer.start(stale, OK);
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("first");
            assertThat(client.send(POST).read().status()).isEqualTo(502);
            assertThat(first.accepted()).isEqualTo(1);
            assertThat(second.accepted()).isZero();
            fixture.awaitOutcomes("s1 succeeded", "s1 abandoned");
        }
    }

    @Test
    void a_status_that_says_that_the_server_failed_is_passed_on_and_counted() {
        ServerScript failing =
                ServerScript.answering("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy");
        try (ScriptedServer first = ScriptedServer.start(failing);
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.get("/");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("busy");
            assertThat(second.accepted()).isZero();
            fixture.awaitOutcomes("s1 failed STATUS");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"
            })
    void a_malformed_response_is_retried_elsewhere_and_is_no_failure_of_its_server(String bad) {
        try (ScriptedServer first = ScriptedServer.start(
                        new ServerScript().expectHead().send(bad).stall());
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("second");
            fixture.awaitOutcomes("s1 abandoned", "s2 succeeded");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/2.0 200 OK\r\n\r\n", "nonsense\r\n\r\n", "\u0015\u0003\u0003\u0000\u0002\u0002P"})
    void a_response_that_is_not_http_counts_as_a_failed_attempt(String bad) {
        try (ScriptedServer first = ScriptedServer.start(
                        new ServerScript().expectHead().send(bad).stall());
                ScriptedServer second = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("second");
            fixture.awaitOutcomes("s1 failed PROTOCOL", "s2 succeeded");
        }
    }
}
