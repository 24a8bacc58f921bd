package io.github.lbkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a proxy ends. */
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
            assertThat(idle.isAtEnd()).isTrue();
            assertThatThrownBy(() -> RawClient.to(fixture.proxy)).hasMessageContaining("refused");
            assertThat(stopped).isNotDone();

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
    void what_is_left_at_the_deadline_is_cut_and_counted() throws Exception {
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
            assertThat(CutResponse.of(client)).isTrue();
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

    @Test
    void connections_beyond_the_limit_wait_until_one_ends() {
        Limits limits =
                Limits.builder().connectionsPerServer(10).clientConnections(2).build();
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(OK));
                ProxyFixture fixture = ProxyFixture.over(b -> b.limits(limits).loops(2), server);
                RawClient one = fixture.client();
                RawClient two = fixture.client();
                RawClient three = fixture.client()) {
            assertThat(one.get("/").status()).isEqualTo(200);
            assertThat(two.get("/").status()).isEqualTo(200);
            three.send("GET /three HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(one.get("/again").status()).isEqualTo(200);
            assertThat(server.heads()).noneMatch(h -> h.startsWith("GET /three"));

            one.leave();

            assertThat(three.read().status()).isEqualTo(200);
        }
    }
}
