package io.github.lbkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Limits of what messages may hold: of requests and of responses, each set by itself and named where it is exceeded.
 */
@Isolated("it reads what the logger writes to the standard error stream")
class BodyLimitTest {
    private static final ServerScript EMPTY = ServerScript.answering("HTTP/1.1 204 No Content\r\n\r\n");

    @Test
    void a_length_beyond_the_limit_is_413_before_a_server_is_asked() {
        try (ScriptedServer server = ScriptedServer.start(EMPTY);
                ProxyFixture fixture = limited(b -> b.requestBody(5), server);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.send(
                            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n")
                    .read();

            assertThat(response.statusLine()).isEqualTo("HTTP/1.1 413 Content Too Large");
            assertThat(response.field("Connection")).contains("close");
            assertThat(server.accepted()).isZero();
        }
    }

    @Test
    void a_body_as_long_as_the_limit_passes() {
        ServerScript takes = new ServerScript()
                .expectHead()
                .expect(5)
                .send("HTTP/1.1 204 No Content\r\n\r\n")
                .expectHead()
                .expectThrough("0\r\n\r\n")
                .send("HTTP/1.1 204 No Content\r\n\r\n")
                .expectEnd();
        try (ScriptedServer server = ScriptedServer.start(takes);
                ProxyFixture fixture = limited(b -> b.requestBody(5), server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde");
            assertThat(client.read().status()).isEqualTo(204);

            client.send(
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(204);
        }
    }

    @Test
    void a_chunked_body_is_413_at_the_chunk_that_exceeds_the_limit() {
        try (ScriptedServer server =
                        ScriptedServer.start(new ServerScript().expectHead().expectEnd());
                ProxyFixture fixture = limited(b -> b.requestBody(5), server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            server.awaitReceived(3);

            RawClient.Response response = client.send("3\r\ndef\r\n0\r\n\r\n").read();

            assertThat(response.status()).isEqualTo(413);
            server.awaitEnded(1);
            assertThat(server.received()).doesNotContain("def");
            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    @Test
    void heads_of_responses_have_limits_of_their_own() {
        String large = "HTTP/1.1 200 OK\r\nX: " + "x".repeat(40_000) + "\r\n" + "Y: z\r\n".repeat(150)
                + "Content-Length: 0\r\n\r\n";
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(large));
                ProxyFixture fixture = ProxyFixture.over(server);
                ProxyFixture narrow = limited(b -> b.responseHead(20_000), server);
                ProxyFixture few = limited(b -> b.responseFields(100), server);
                RawClient client = fixture.client();
                RawClient ofNarrow = narrow.client();
                RawClient ofFew = few.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(ofNarrow.get("/").status()).isEqualTo(502);
            assertThat(ofFew.get("/").status()).isEqualTo(502);
        }
    }

    @Test
    void a_refusal_names_the_setting_once_a_minute() {
        String log = logOf(() -> {
            try (ScriptedServer server = ScriptedServer.start(
                            ServerScript.answering("HTTP/1.1 200 OK\r\nX: " + "x".repeat(400) + "\r\n\r\n"));
                    ProxyFixture fixture = limited(
                            b -> b.requestHead(300)
                                    .requestLine(100)
                                    .requestFields(3)
                                    .requestBody(2)
                                    .responseHead(256),
                            server)) {
                for (int i = 0; i < 2; i++) {
                    refused(fixture, 414, "GET /" + "x".repeat(200) + " HTTP/1.1\r\nHost: a\r\n\r\n");
                    refused(fixture, 431, "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(400) + "\r\n\r\n");
                    refused(fixture, 431, "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 1\r\nX: 1\r\n\r\n");
                    refused(fixture, 413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
                    refused(fixture, 502, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                }
            }
        });

        assertThat(log.lines().filter(line -> line.contains("larger than")))
                .hasSize(5)
                .anyMatch(line -> line.endsWith("request line larger than --max-request-line/Limits.requestLine 100"))
                .anyMatch(line -> line.endsWith("request head larger than --max-request-head/Limits.requestHead 300"))
                .anyMatch(line -> line.endsWith(
                        "number of request fields larger than --max-request-fields/Limits.requestFields 3"))
                .anyMatch(line -> line.endsWith("request body larger than --max-body/Limits.requestBody 2"))
                .anyMatch(line -> line.contains("server s1: ")
                        && line.contains("(response head larger than --max-response-head/Limits.responseHead 256)"));
    }

    @Test
    void a_limit_that_is_not_allowed_is_refused_by_name() {
        assertThatThrownBy(() -> Limits.builder().requestBody(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit requestBody -1 is not 0 or more");
        assertThatThrownBy(() -> Limits.builder().responseHead(255))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limit responseHead 255 is not within 256 to 1048576");
    }

    private static void refused(ProxyFixture fixture, int status, String request) {
        try (RawClient client = fixture.client()) {
            assertThat(client.send(request).read().status()).isEqualTo(status);
        }
    }

    private static ProxyFixture limited(Consumer<Limits.Builder> limits, ScriptedServer server) {
        Limits.Builder builder = Limits.builder();
        limits.accept(builder);
        return ProxyFixture.over(b -> b.limits(builder.build()), server);
    }

    private static String logOf(Runnable work) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }
}
