package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Tests of {@code Expect: 100-continue} and of interim responses. */
class InterimResponseTest {
    private static final String EXPECTING =
            "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void the_servers_100_is_passed_on() {
        ServerScript script = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 100 Continue\r\n\r\n")
                .expect(3)
                .send(OK)
                .stall();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.send(EXPECTING).read().status()).isEqualTo(100);
            assertThat(client.send("abc").read().body()).isEqualTo("ok");
            assertThat(server.heads().get(0)).contains("Expect: 100-continue\r\n");
        }
    }

    @Test
    void a_client_gets_100_after_a_second_if_the_server_is_silent() {
        CountDownLatch later = new CountDownLatch(1);
        ServerScript script = new ServerScript()
                .expectHead()
                .expect(3)
                .await(later)
                .send("HTTP/1.1 100 Continue\r\n\r\n" + OK)
                .stall();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.send(EXPECTING).read().status()).isEqualTo(100);

            client.send("abc");
            later.countDown();

            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void a_refusal_without_100_closes_the_connection_whose_body_may_or_may_not_come() {
        ServerScript script = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
                .stall();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(b -> b.requestBuffering(false), server);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.send(EXPECTING).read();

            assertThat(response.status()).isEqualTo(403);
            assertThat(response.field("Connection")).contains("close");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void other_interim_responses_are_passed_on_to_an_http_1_1_client() {
        ServerScript script = ServerScript.answering("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + "HTTP/1.1 103 Early Hints\r\nLink: </b>\r\n\r\n" + OK);
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.get("/").field("Link")).contains("</a>");
                assertThat(client.read().field("Link")).contains("</b>");
                assertThat(client.read().body()).isEqualTo("ok");
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void an_http_1_0_client_gets_no_interim_response() {
        ServerScript script = ServerScript.answering("HTTP/1.1 103 Early Hints\r\n\r\n" + OK);
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            assertThat(client.send("GET / HTTP/1.0\r\nExpect: whatever\r\n\r\n")
                            .read()
                            .body())
                    .isEqualTo("ok");
        }
    }

    @Test
    void a_server_that_sends_interim_responses_without_end_breaks_the_protocol() {
        ServerScript script = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 102 Processing\r\n\r\n".repeat(40))
                .stall();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            int status = 102;
            while (status == 102) {
                status = client.read().status();
            }
            assertThat(status).isEqualTo(502);
            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    @Test
    void a_request_is_repeated_after_an_interim_response() {
        ServerScript cut = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 103 Early Hints\r\n\r\n")
                .close();
        try (ScriptedServer first = ScriptedServer.start(cut);
                ScriptedServer second = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(first, second);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(103);
            assertThat(client.read().body()).isEqualTo("ok");
        }
    }
}
