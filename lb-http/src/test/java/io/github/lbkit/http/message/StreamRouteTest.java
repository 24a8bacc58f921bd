package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.BodyStream;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.StopReport;
import io.github.lbkit.http.Timeouts;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Tests of responses whose bodies the application produces while they are sent. */
class StreamRouteTest {
    private final BlockingQueue<BodyStream> opened = new LinkedBlockingQueue<>();

    private ReverseProxyBuilder streaming(ReverseProxyBuilder builder) {
        return builder.stream("/s", (request, stream) -> {
                    opened.add(stream);
                    return LocalResponse.of(200, "text/event-stream", bytes("first;"));
                })
                .route("/r", 0, r -> LocalResponse.text(200, "whole"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private BodyStream stream() throws InterruptedException {
        BodyStream stream = opened.poll(20, TimeUnit.SECONDS);
        if (stream == null) {
            throw new AssertionError("no stream was opened");
        }
        return stream;
    }

    private static void offer(BodyStream stream, String text) {
        Await.until("taken: " + text, () -> stream.offer(bytes(text)));
    }

    private static void readHead(RawClient client) throws IOException {
        for (String line = client.line(); !line.isEmpty(); line = client.line()) {
            assertThat(line).isNotBlank();
        }
    }

    private static String chunk(RawClient client) throws IOException {
        int size = Integer.parseInt(client.line(), 16);
        String chunk = client.exactly(size);
        assertThat(client.line()).isEmpty();
        return chunk;
    }

    @Test
    void pieces_arrive_as_they_are_offered_and_the_connection_is_kept() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.over(this::streaming);
                RawClient client = fixture.client()) {
            client.send("GET /s HTTP/1.1\r\nHost: h\r\n\r\n");
            BodyStream stream = stream();
            List<String> head = new ArrayList<>();
            for (String line = client.line(); !line.isEmpty(); line = client.line()) {
                head.add(line);
            }

            assertThat(head)
                    .contains("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Content-Type: text/event-stream");
            assertThat(head).noneMatch(line -> line.startsWith("Content-Length"));
            assertThat(chunk(client)).isEqualTo("first;");
            offer(stream, "second;");
            assertThat(chunk(client)).isEqualTo("second;");
            offer(stream, "third");
            stream.end();
            assertThat(chunk(client)).isEqualTo("third");
            assertThat(client.line()).isEqualTo("0");
            assertThat(client.line()).isEmpty();
            assertThat(stream.isOpen()).isFalse();
            assertThat(stream.offer(bytes("late"))).isFalse();
            assertThat(client.get("/r").body()).isEqualTo("whole");
        }
    }

    @Test
    void a_stream_that_is_ended_before_the_answer_makes_the_answer_whole() {
        UnaryOperator<ReverseProxyBuilder> refusing = b -> b.stream("/s", (request, stream) -> {
            stream.end();
            return LocalResponse.text(503, "too many");
        });
        try (ProxyFixture fixture = ProxyFixture.over(refusing);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.get("/s");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.field("Content-Length")).contains("8");
            assertThat(client.get("/s").body()).isEqualTo("too many");
        }
    }

    @Test
    void head_gets_the_head_alone_and_ends_the_stream() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.over(this::streaming);
                RawClient client = fixture.client()) {
            client.send("HEAD /s HTTP/1.1\r\nHost: h\r\n\r\n").readHeadOnly();

            BodyStream stream = stream();
            Await.until("ended", () -> !stream.isOpen());
            assertThat(client.get("/r").body()).isEqualTo("whole");
        }
    }

    @Test
    void events_beyond_the_limit_of_a_slow_reader_are_refused_and_not_kept() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.over(this::streaming);
                RawClient client = RawClient.slow(fixture.proxy)) {
            client.send("GET /s HTTP/1.1\r\nHost: h\r\n\r\n");
            BodyStream stream = stream();
            readHead(client);
            assertThat(chunk(client)).isEqualTo("first;");
            byte[] large = new byte[16 << 20]; // more than the buffers of a pair of sockets hold
            Await.until("taken", () -> stream.offer(large));
            for (int i = 0; i < 100; i++) {
                assertThat(stream.offer(bytes("older"))).isFalse();
            }
            assertThat(stream.isOpen()).isTrue();

            assertThat(chunk(client)).hasSize(large.length);
            offer(stream, "newest");
            stream.end();
            assertThat(chunk(client)).isEqualTo("newest");
            assertThat(client.line()).isEqualTo("0");
        }
    }

    @Test
    void a_client_that_leaves_ends_the_stream() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.over(this::streaming)) {
            try (RawClient leaving = fixture.client()) {
                leaving.send("GET /s HTTP/1.1\r\nHost: h\r\n\r\n");
                BodyStream stream = stream();
                readHead(leaving);
                leaving.leave();
                Await.until("ended", () -> !stream.isOpen());
                assertThat(stream.offer(bytes("nobody"))).isFalse();
            }
            try (RawClient resetting = RawClient.slow(fixture.proxy)) {
                resetting.send("GET /s HTTP/1.1\r\nHost: h\r\n\r\n");
                BodyStream stream = stream();
                Await.until("taken", () -> stream.offer(new byte[16 << 20]));
                resetting.reset();
                Await.until("ended", () -> !stream.isOpen());
                stream.end();
            }
        }
    }

    @Test
    void a_proxy_that_stops_ends_its_streams_in_order() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.over(this::streaming);
                RawClient client = fixture.client()) {
            client.send("GET /s HTTP/1.1\r\nHost: h\r\n\r\n");
            BodyStream stream = stream();
            readHead(client);
            assertThat(chunk(client)).isEqualTo("first;");
            var stopped = fixture.proxy.stop(Duration.ofSeconds(60)).toCompletableFuture();

            assertThat(client.line()).isEqualTo("0");
            assertThat(client.line()).isEmpty();
            assertThat(client.get("/next").field("Connection")).contains("close");
            assertThat(client.isAtEnd()).isTrue();
            client.leave();
            assertThat(stopped.get(20, TimeUnit.SECONDS)).isEqualTo(new StopReport(1, 0));
            assertThat(stream.isOpen()).isFalse();
        }
    }

    @Test
    void a_client_of_http_1_0_gets_the_body_up_to_the_end_of_the_connection() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.over(this::streaming);
                RawClient client = fixture.client()) {
            client.send("GET /s HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n");
            BodyStream stream = stream();
            offer(stream, "second");
            stream.end();
            RawClient.Response response = client.read();

            assertThat(response.field("Transfer-Encoding")).isEmpty();
            assertThat(response.field("Connection")).contains("close");
            assertThat(response.body()).isEqualTo("first;second");
        }
    }

    @Test
    void a_request_behind_a_stream_waits_for_its_end() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.over(this::streaming);
                RawClient client = fixture.client()) {
            client.send("GET /s HTTP/1.1\r\nHost: h\r\n\r\nGET /r HTTP/1.1\r\nHost: h\r\n\r\n");
            BodyStream stream = stream();
            offer(stream, "second");
            stream.end();

            assertThat(client.read().body()).isEqualTo("first;second");
            assertThat(client.read().body()).isEqualTo("whole");
        }
    }

    @Test
    void a_stream_that_outlasts_the_request_timeout_is_cut() throws Exception {
        Timeouts timeouts = Timeouts.builder().request(Duration.ofMillis(300)).build();
        try (ProxyFixture fixture = ProxyFixture.over(b -> streaming(b).timeouts(timeouts));
                RawClient client = fixture.client()) {
            client.send("GET /s HTTP/1.1\r\nHost: h\r\n\r\n");
            BodyStream stream = stream();

            Await.until("ended", () -> !stream.isOpen());
            assertThatThrownBy(() -> client.read()).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void a_handler_that_throws_is_500_and_ends_the_stream() {
        UnaryOperator<ReverseProxyBuilder> failing = b -> b.stream("/s", (request, stream) -> {
            opened.add(stream);
            throw new IllegalStateException("as a test wants it");
        });
        try (ProxyFixture fixture = ProxyFixture.over(failing);
                RawClient client = fixture.client()) {
            assertThat(client.get("/s").status()).isEqualTo(500);
            assertThat(opened.remove().isOpen()).isFalse();
        }
    }

    @Test
    void pieces_of_several_makers_stay_whole() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.over(this::streaming);
                RawClient client = fixture.client()) {
            client.send("GET /s HTTP/1.1\r\nHost: h\r\n\r\n");
            BodyStream stream = stream();
            List<Thread> makers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String piece = String.valueOf((char) ('a' + i)).repeat(3_000) + ";";
                Thread maker = new Thread(() -> {
                    for (int j = 0; j < 25; j++) {
                        offer(stream, piece);
                    }
                });
                makers.add(maker);
                maker.start();
            }
            readHead(client);
            assertThat(chunk(client)).isEqualTo("first;");
            for (int i = 0; i < 100; i++) {
                assertThat(chunk(client)).matches("(a{3000}|b{3000}|c{3000}|d{3000});");
            }
            for (Thread maker : makers) {
                maker.join();
            }
            stream.end();
            assertThat(client.line()).isEqualTo("0");
        }
    }

    @Test
    void connections_are_counted() throws Exception {
        try (ProxyFixture fixture = ProxyFixture.over(this::streaming)) {
            assertThat(fixture.proxy.clientConnections()).isZero();
            try (RawClient client = fixture.client()) {
                client.get("/r");
                assertThat(fixture.proxy.clientConnections()).isEqualTo(1);
                assertThat(fixture.proxy.serverConnections()).isZero();
            }
            Await.until("closed", () -> fixture.proxy.clientConnections() == 0);
        }
    }
}
