package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.StopReport;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.TruncatedResponses;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests of stopping a proxy. */
class StopTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void a_request_in_flight_is_answered_and_counted() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ServerScript slow = new ServerScript().expectHead().await(gate).send(OK).expectEnd();
        try (ScriptedServer server = ScriptedServer.start(slow);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient idle = fixture.client();
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            server.awaitHeads(1);
            assertThat(fixture.proxy.inFlight()).isEqualTo(1);
            CompletableFuture<StopReport> stopped =
                    fixture.proxy.stop(Duration.ofSeconds(20)).toCompletableFuture();
            awaitRefusal(fixture);
            assertThat(stopped).isNotDone();
            idle.leave();

            gate.countDown();
            RawClient.Response response = client.read();

            assertThat(response.body()).isEqualTo("ok");
            assertThat(response.field("Connection")).contains("close");
            assertThat(client.isAtEnd()).isTrue();
            client.leave();
            assertThat(stopped.get(20, TimeUnit.SECONDS)).isEqualTo(new StopReport(1, 0));
            server.awaitEnded(1);
        }
    }

    @Test
    void an_idle_connection_has_one_more_request_answered_that_announces_the_end() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient used = fixture.client();
                RawClient fresh = fixture.client()) {
            assertThat(used.get("/").field("Connection")).isEmpty();
            CompletableFuture<StopReport> stopped =
                    fixture.proxy.stop(Duration.ofSeconds(60)).toCompletableFuture();
            awaitRefusal(fixture);

            for (RawClient client : List.of(used, fresh)) {
                askUntilTheEndIsAnnounced(client);
                assertThat(client.isAtEnd()).isTrue();
                client.leave();
            }

            assertThat(stopped.get(20, TimeUnit.SECONDS).cut()).isZero();
        }
    }

    @Test
    void a_response_that_had_begun_before_the_stop_leaves_its_client_one_more_request() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ServerScript slow = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + "x".repeat(10_000))
                .await(gate)
                .send("x".repeat(10_000))
                .expectHead()
                .send(OK)
                .expectHead()
                .send(OK)
                .expectEnd();
        try (ScriptedServer server = ScriptedServer.start(slow);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
            CompletableFuture<StopReport> stopped =
                    fixture.proxy.stop(Duration.ofSeconds(60)).toCompletableFuture();
            awaitRefusal(fixture);
            gate.countDown();
            for (String line = client.line(); !line.isEmpty(); line = client.line()) {
                assertThat(line).isNotEqualToIgnoringCase("Connection: close");
            }
            client.exactly(20_000);

            askUntilTheEndIsAnnounced(client);

            assertThat(client.isAtEnd()).isTrue();
            client.leave();
            assertThat(stopped.get(20, TimeUnit.SECONDS)).isEqualTo(new StopReport(1, 0));
        }
    }

    @Test
    void a_connection_that_waits_to_be_accepted_when_the_stop_begins_is_served() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(
                        b -> b.route("/wait", 0, request -> LocalResponse.text(200, ""))
                                .guard(head -> {
                                    busy.countDown();
                                    awaitUninterrupted(gate);
                                    return Optional.empty();
                                }),
                        server);
                RawClient first = fixture.client()) {
            first.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"); // its guard holds up the only loop
            awaitUninterrupted(busy);
            try (RawClient waiting = fixture.client()) {
                waiting.send("POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
                CompletableFuture<StopReport> stopped =
                        fixture.proxy.stop(Duration.ofSeconds(60)).toCompletableFuture();
                gate.countDown();

                assertThat(waiting.read().body()).isEqualTo("ok");
                assertThat(first.read().status()).isEqualTo(200);
                waiting.leave();
                first.leave();
                assertThat(stopped.get(20, TimeUnit.SECONDS).cut()).isZero();
            }
        }
    }

    @Test
    void an_idle_connection_that_asks_nothing_ends_in_order_at_the_deadline() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient idle = fixture.client()) {
            assertThat(idle.get("/").status()).isEqualTo(200);
            CompletableFuture<StopReport> stopped =
                    fixture.proxy.stop(Duration.ofMillis(300)).toCompletableFuture();

            assertThat(idle.isAtEnd()).isTrue();

            assertThat(stopped.get(20, TimeUnit.SECONDS)).isEqualTo(new StopReport(0, 0));
        }
    }

    private static void askUntilTheEndIsAnnounced(RawClient client) {
        RawClient.Response response;
        do {
            response = client.get("/");
            assertThat(response.body()).isEqualTo("ok");
        } while (response.field("Connection").isEmpty());
        assertThat(response.field("Connection")).contains("close");
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the proxy listens no more; its loops know of the stop then. */
    private static void awaitRefusal(ProxyFixture fixture) {
        Await.until("no connection is accepted", () -> {
            try (RawClient late = fixture.client()) {
                return late.socket.isClosed();
            } catch (UncheckedIOException refused) {
                return true;
            }
        });
    }

    @Test
    void exchanges_left_at_the_deadline_are_cut_and_counted() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.start(new ServerScript().expectHead().expectEnd());
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            server.awaitHeads(1);

            StopReport report = fixture.proxy
                    .stop(Duration.ofMillis(100))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);

            assertThat(report).isEqualTo(new StopReport(0, 1));
            assertThat(TruncatedResponses.of(client)).isTrue();
            server.awaitEnded(1);
            fixture.awaitOutcomes("s1 abandoned");
        }
    }

    @Test
    void a_later_stop_may_be_shorter() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.start(new ServerScript().expectHead().expectEnd());
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            server.awaitHeads(1);
            CompletableFuture<StopReport> stopped =
                    fixture.proxy.stop(Duration.ofHours(1)).toCompletableFuture();

            fixture.proxy.close();

            assertThat(stopped.get(20, TimeUnit.SECONDS)).isEqualTo(new StopReport(0, 1));
        }
    }

    @Test
    void close_ends_all_threads_and_may_be_repeated() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK))) {
            ProxyFixture fixture = ProxyFixture.over(b -> b.name("ending").loops(3), server);
            try (RawClient client = fixture.client()) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }
            fixture.close();
            fixture.proxy.close();

            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(t -> t.getName().startsWith("ending"));
            assertThatThrownBy(() -> RawClient.to(fixture.proxy)).hasMessageContaining("refused");
        }
    }

    @Test
    void a_port_that_is_taken_is_a_clear_error() {
        try (ScriptedServer taken = ScriptedServer.start(new ServerScript())) {
            assertThatThrownBy(
                            () -> ReverseProxy.builder().listen(taken.address()).start())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on /127.0.0.1:" + taken.port());
        }
    }

    @Test
    void every_loop_listens_where_ports_are_shared() {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(b -> b.reusePort(true).loops(3), server)) {
            for (int i = 0; i < 30; i++) {
                try (RawClient client = fixture.client()) {
                    assertThat(client.get("/").body()).isEqualTo("ok");
                }
            }
        }
    }
}
