package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.WaitQueue;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.FirstFreePolicy;
import io.github.lbkit.http.fixture.FixedPool;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tests of requests that wait for a server. */
class QueueTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration LONG = Duration.ofMinutes(1);

    private final CountDownLatch gate = new CountDownLatch(1);
    private final ServerScript slow =
            new ServerScript().expectHead().await(gate).send(OK).again();
    private final CompletableFuture<WaitQueue> queue = new CompletableFuture<>();

    private ProxyFixture fixture(ScriptedServer server, int maxWaiting, Duration maxWait) {
        return ProxyFixture.queueing(
                balancer -> {
                    queue.complete(new WaitQueue(balancer, new WaitQueue.Settings(maxWaiting, maxWait, false)));
                    return queue.join();
                },
                server);
    }

    /** The client's request is the one that may be in flight. */
    private static void fill(ScriptedServer server, RawClient client) {
        client.send(GET);
        server.awaitHeads(1);
    }

    /** The client's request is the last of so many that wait. */
    private void sendAndWait(RawClient client, int waiting) {
        client.send(GET);
        awaitWaiting(waiting);
    }

    private void awaitWaiting(int count) {
        Await.until("waiting: " + count, () -> queue.join().waiting() == count);
    }

    @Test
    void a_request_that_finds_every_server_full_waits_for_one() {
        try (ScriptedServer server = ScriptedServer.start(slow);
                ProxyFixture fixture = fixture(server, 10, LONG);
                RawClient first = fixture.client();
                RawClient second = fixture.client();
                RawClient third = fixture.client()) {
            fill(server, first);
            sendAndWait(second, 1);
            sendAndWait(third, 2);

            gate.countDown();

            assertThat(first.read().body()).isEqualTo("ok");
            assertThat(second.read().body()).isEqualTo("ok");
            assertThat(third.read().body()).isEqualTo("ok");
            assertThat(third.get("/").body()).isEqualTo("ok");
            fixture.awaitOutcomes("s1 succeeded", "s1 succeeded", "s1 succeeded", "s1 succeeded");
        }
    }

    @Test
    void a_request_that_waits_too_long_gets_503_and_its_connection_stays() {
        try (ScriptedServer server = ScriptedServer.start(slow);
                ProxyFixture fixture = fixture(server, 10, Duration.ofMillis(50));
                RawClient first = fixture.client();
                RawClient second = fixture.client()) {
            fill(server, first);

            RawClient.Response response = second.get("/");

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.field("Retry-After")).contains("1");
            gate.countDown();
            assertThat(first.read().body()).isEqualTo("ok");
            fixture.awaitNothingInFlight();
            assertThat(second.get("/").body()).isEqualTo("ok");
        }
    }

    @Test
    void a_request_at_a_full_queue_gets_503_at_once() {
        try (ScriptedServer server = ScriptedServer.start(slow);
                ProxyFixture fixture = fixture(server, 1, LONG);
                RawClient first = fixture.client();
                RawClient second = fixture.client();
                RawClient third = fixture.client()) {
            fill(server, first);
            sendAndWait(second, 1);

            assertThat(third.get("/").status()).isEqualTo(503);

            gate.countDown();
            assertThat(second.read().body()).isEqualTo("ok");
        }
    }

    @Test
    void a_client_that_leaves_leaves_the_queue() {
        try (ScriptedServer server = ScriptedServer.start(slow);
                ProxyFixture fixture = fixture(server, 10, LONG);
                RawClient first = fixture.client();
                RawClient second = fixture.client()) {
            fill(server, first);
            sendAndWait(second, 1);

            second.leave();

            awaitWaiting(0);
            gate.countDown();
            assertThat(first.read().body()).isEqualTo("ok");
            fixture.awaitOutcomes("s1 succeeded");
            assertThat(server.heads()).hasSize(1);
        }
    }

    @Test
    void the_body_of_a_request_that_waits_waits_too_and_arrives_whole() throws Exception {
        int length = 24 << 20;
        ServerScript first = new ServerScript()
                .expectHead()
                .await(gate)
                .send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
                .close();
        ServerScript second =
                new ServerScript().expectHead().expect(length).send(OK).again();
        try (ScriptedServer server = ScriptedServer.start(first, second);
                ProxyFixture fixture = fixture(server, 10, LONG);
                RawClient holder = fixture.client();
                RawClient waiting = fixture.client()) {
            fill(server, holder);
            CompletableFuture<RawClient> sent = CompletableFuture.supplyAsync(
                    () -> waiting.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n")
                            .send(new byte[length]));
            awaitWaiting(1);
            assertThat(sent).as("what no socket's buffers hold").isNotDone();

            gate.countDown();

            assertThat(sent.get(1, TimeUnit.MINUTES).read().body()).isEqualTo("ok");
            fixture.awaitOutcomes("s1 succeeded", "s1 succeeded");
        }
    }

    @Test
    void a_stopped_proxy_leaves_no_request_in_the_queue() {
        try (ScriptedServer server = ScriptedServer.start(slow);
                ProxyFixture fixture = fixture(server, 10, LONG);
                RawClient first = fixture.client();
                RawClient second = fixture.client()) {
            fill(server, first);
            sendAndWait(second, 1);

            fixture.proxy.close();

            awaitWaiting(0);
            assertThat(fixture.inFlight()).isZero();
        }
    }

    @Test
    void the_queue_of_another_balancer_is_refused() {
        try (LoadBalancer other = LoadBalancer.builder(FixedPool.of(), new FirstFreePolicy())
                        .build();
                WaitQueue foreign = new WaitQueue(other, new WaitQueue.Settings(1, LONG, false))) {
            assertThatThrownBy(() -> ReverseProxy.builder().queue(foreign).start())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("queue");
        }
    }
}
