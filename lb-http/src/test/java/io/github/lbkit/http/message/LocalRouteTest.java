package io.github.lbkit.http.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.LocalHandler;
import io.github.lbkit.http.LocalRequest;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.ChunkedText;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Tests of requests that the application answers, and of responses that it replaces. */
class LocalRouteTest {
    private static final String SERVERS = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nserver";
    private static final LocalHandler ECHO = request -> LocalResponse.of(200, "text/plain", request.body());

    @Test
    void a_route_answers_its_path_and_no_other() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(SERVERS));
                ProxyFixture fixture =
                        ProxyFixture.over(b -> b.route("/here", 0, r -> LocalResponse.text(200, "local")), server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/here").body()).isEqualTo("local");
            assertThat(client.get("/here?a=b").body()).isEqualTo("local");
            assertThat(client.get("http://x/here").body()).isEqualTo("local");
            for (String other : List.of("//here", "/%68ere", "/here/", "/Here", "/her", "/here%3f", "/here;x")) {
                assertThat(client.get(other).body()).isEqualTo("server");
            }
        }
    }

    @Test
    void a_handler_gets_the_whole_request_and_may_keep_it() throws Exception {
        List<LocalRequest> kept = new CopyOnWriteArrayList<>();
        UnaryOperator<ReverseProxyBuilder> settings = b -> b.route("/r", 100, request -> {
            kept.add(request);
            return LocalResponse.json(201, "{}").with("X-Mine", "1");
        });
        try (ProxyFixture fixture = ProxyFixture.over(settings);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.send("POST /r?q=1&q=2 HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: 2\r\n"
                            + "X-Request-Id: id1\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + ChunkedText.chunked("hello", 2))
                    .read();
            client.get("/overwrites/the/buffer");

            assertThat(response.status()).isEqualTo(201);
            assertThat(response.field("X-Mine")).contains("1");
            assertThat(response.field("X-Request-Id")).contains("id1");
            assertThat(response.field("Date")).isPresent();
            LocalRequest request = kept.get(0);
            assertThat(new String(request.body(), StandardCharsets.UTF_8)).isEqualTo("hello");
            assertThat(request.truncated()).isFalse();
            assertThat(request.head().method()).isEqualTo("POST");
            assertThat(request.head().path()).isEqualTo("/r");
            assertThat(request.head().query()).contains("q=1&q=2");
            assertThat(request.head().headers("X-A")).containsExactly("1", "2");
            assertThat(request.head().requestId()).isEqualTo("id1");
            assertThat(request.head().clientAddress().isLoopbackAddress()).isTrue();
        }
    }

    @Test
    void a_body_that_is_too_long_is_truncated_and_ends_the_connection() {
        List<LocalRequest> kept = new CopyOnWriteArrayList<>();
        UnaryOperator<ReverseProxyBuilder> settings = b -> b.route("/r", 10, request -> {
            kept.add(request);
            return LocalResponse.text(413, "too long");
        });
        try (ProxyFixture fixture = ProxyFixture.over(settings);
                RawClient client = fixture.client()) {
            client.send("POST /r HTTP/1.1\r\nHost: h\r\nContent-Length: 50000\r\n\r\n" + "x".repeat(20_000));
            RawClient.Response response = client.read();

            assertThat(response.status()).isEqualTo(413);
            assertThat(response.field("Connection")).contains("close");
            assertThat(client.isAtEnd()).isTrue();
            assertThat(kept.get(0).truncated()).isTrue();
            assertThat(kept.get(0).body()).hasSize(10);
        }
    }

    @Test
    void a_body_of_just_the_allowed_length_is_whole() {
        try (ProxyFixture fixture = ProxyFixture.over(b -> b.route("/r", 10, ECHO));
                RawClient client = fixture.client()) {
            client.send("POST /r HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789");
            assertThat(client.read().body()).isEqualTo("0123456789");
            client.send("POST /r HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.read().body()).isEmpty();
        }
    }

    @Test
    void a_body_that_is_announced_is_asked_for() {
        try (ProxyFixture fixture = ProxyFixture.over(b -> b.route("/r", 10, ECHO));
                RawClient client = fixture.client()) {
            client.send("POST /r HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(100);
            assertThat(client.send("abc").read().body()).isEqualTo("abc");
        }
    }

    @Test
    void the_guard_answers_before_the_body_is_read() {
        UnaryOperator<ReverseProxyBuilder> settings = b -> b.route("/r", 10, ECHO)
                .guard(head -> head.header("Origin").isPresent()
                        ? Optional.of(LocalResponse.text(403, "foreign"))
                        : Optional.empty());
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(SERVERS));
                ProxyFixture fixture = ProxyFixture.over(settings, server);
                RawClient client = fixture.client()) {
            client.send(
                    "POST /r HTTP/1.1\r\nHost: h\r\nOrigin: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            assertThat(client.read().body()).isEqualTo("foreign");
            assertThat(client.isAtEnd()).isTrue();
            try (RawClient routed = fixture.client()) {
                assertThat(routed.send("GET /else HTTP/1.1\r\nHost: h\r\nOrigin: x\r\n\r\n")
                                .read()
                                .body())
                        .isEqualTo("server");
            }
        }
    }

    @Test
    void head_is_answered_like_get_without_the_body() {
        try (ProxyFixture fixture = ProxyFixture.over(b -> b.route("/r", 0, r -> LocalResponse.text(200, "12345")));
                RawClient client = fixture.client()) {
            RawClient.Response response =
                    client.send("HEAD /r HTTP/1.1\r\nHost: h\r\n\r\n").readHeadOnly();

            assertThat(response.field("Content-Length")).contains("5");
            assertThat(client.get("/r").body()).isEqualTo("12345");
        }
    }

    @Test
    void a_handler_that_throws_is_500() {
        UnaryOperator<ReverseProxyBuilder> settings = b -> b.route("/r", 0, r -> {
            throw new IllegalStateException("as a test wants it");
        });
        try (ProxyFixture fixture = ProxyFixture.over(settings);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.get("/r");

            assertThat(response.status()).isEqualTo(500);
            assertThat(response.body()).doesNotContain("test");
            assertThat(client.get("/r").status()).isEqualTo(500);
        }
    }

    @Test
    void a_guard_or_key_that_throws_is_500_and_harms_no_other_request() {
        UnaryOperator<ReverseProxyBuilder> settings = b -> b.route("/r", 0, r -> LocalResponse.text(200, "fine"))
                .guard(head -> {
                    throw new IllegalStateException("as a test wants it");
                })
                .key(head -> {
                    throw new IllegalStateException("as a test wants it");
                });
        try (ProxyFixture fixture = ProxyFixture.over(settings)) {
            for (String path : List.of("/r", "/routed")) {
                try (RawClient client = fixture.client()) {
                    assertThat(client.get(path).status()).isEqualTo(500);
                }
            }
        }
    }

    @Test
    void requests_beyond_the_queue_are_503() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        UnaryOperator<ReverseProxyBuilder> settings = b -> b.handlerThreads(1).route("/r", 0, r -> {
            gate.await();
            return LocalResponse.text(200, "waited");
        });
        List<RawClient> clients = new ArrayList<>();
        try (ProxyFixture fixture = ProxyFixture.over(settings)) {
            for (int i = 0; i < 257; i++) {
                clients.add(fixture.client().send("GET /r HTTP/1.1\r\nHost: h\r\n\r\n"));
                int begun = i + 1;
                Await.until("in flight", () -> fixture.proxy.inFlight() == begun);
            }
            try (RawClient late = fixture.client()) {
                RawClient.Response response = late.get("/r");
                assertThat(response.status()).isEqualTo(503);
                assertThat(response.field("Retry-After")).isPresent();
            }
            gate.countDown();
            for (RawClient client : clients) {
                assertThat(client.read().body()).isEqualTo("waited");
            }
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void without_a_balancer_the_fallback_answers_or_404() throws Exception {
        try (ReverseProxy bare = ReverseProxy.builder().listen(anyPort()).start();
                ReverseProxy full = ReverseProxy.builder()
                        .listen(anyPort())
                        .fallback(0, r -> LocalResponse.text(200, r.head().path()))
                        .start();
                RawClient toBare = RawClient.to(bare);
                RawClient toFull = RawClient.to(full)) {
            assertThat(toBare.get("/x").status()).isEqualTo(404);
            assertThat(toBare.get("/x").status()).isEqualTo(404);
            assertThat(toFull.get("/x").body()).isEqualTo("/x");
        }
    }

    private static java.net.InetSocketAddress anyPort() {
        return new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 0);
    }

    @Test
    void a_mapped_response_takes_the_place_of_the_servers() {
        UnaryOperator<ReverseProxyBuilder> settings = b -> b.mapResponse(
                (head, status) -> status == 404 ? Optional.of(LocalResponse.json(400, head.path())) : Optional.empty());
        ServerScript script = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\nnot found")
                .expectHead()
                .send("HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n" + ChunkedText.chunked("none", 3))
                .expectHead()
                .send("HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n")
                .expectHead()
                .send(SERVERS)
                .stall();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(settings, server);
                RawClient client = fixture.client()) {
            for (String path : List.of("/a", "/b")) {
                RawClient.Response response = client.get(path);
                assertThat(response.status()).isEqualTo(400);
                assertThat(response.body()).isEqualTo(path);
            }
            RawClient.Response toHead =
                    client.send("HEAD /c HTTP/1.1\r\nHost: a\r\n\r\n").readHeadOnly();
            assertThat(toHead.status()).isEqualTo(400);
            assertThat(toHead.field("Content-Length")).contains("2");
            assertThat(client.get("/d").body()).isEqualTo("server");
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_response_that_is_too_long_to_drop_is_replaced_all_the_same() {
        UnaryOperator<ReverseProxyBuilder> settings =
                b -> b.mapResponse((head, status) -> Optional.of(LocalResponse.text(200, "mine")));
        ServerScript script = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 404 Not Found\r\nContent-Length: 1000000000\r\n\r\nabc")
                .expectEnd();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(settings, server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("mine");
            server.awaitEnded(1);
        }
    }

    @Test
    void a_bad_setting_is_refused_where_it_is_set() {
        ReverseProxyBuilder builder = ReverseProxy.builder();

        assertThatThrownBy(() -> builder.route("no-slash", 0, ECHO)).hasMessageContaining("'no-slash'");
        assertThatThrownBy(() -> builder.route("/a?b", 0, ECHO)).hasMessageContaining("'/a?b'");
        assertThatThrownBy(() -> builder.route("/a", -1, ECHO)).hasMessageContaining("maxBody -1");
        assertThatThrownBy(() -> builder.route("/a", 1, ECHO).route("/a", 1, ECHO))
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> builder.loops(0)).hasMessageContaining("loops 0");
        assertThatThrownBy(() -> builder.handlerThreads(0)).hasMessageContaining("handlerThreads 0");
    }
}
