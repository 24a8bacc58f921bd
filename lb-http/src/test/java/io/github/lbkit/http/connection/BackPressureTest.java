package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Tests of back-pressure: a slow reader stops the sender, and the bytes between them are limited. */
class BackPressureTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final int TOTAL = 64;

    /** What two pairs of socket buffers on one machine may hold, and the proxy's own part, with room to spare. */
    private static final long BOUND = 32L * MEBIBYTE;

    @Test
    void a_client_that_does_not_read_stops_the_server() throws IOException {
        ServerScript script = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: " + (long) TOTAL * MEBIBYTE + "\r\n\r\n")
                .sendRepeatedly(new byte[MEBIBYTE], TOTAL);
        try (ScriptedServer server = ScriptedServer.start(script.stall());
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = RawClient.slow(fixture.proxy)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            long stopped = awaitStandstill(server::sent);

            assertThat(stopped).isLessThan(BOUND);

            for (String line = client.line(); !line.isEmpty(); line = client.line()) {
                assertThat(line).isNotBlank();
            }
            client.in().skipNBytes((long) TOTAL * MEBIBYTE);
            fixture.awaitOutcomes("s1 succeeded");
        }
    }

    @Test
    void a_server_that_does_not_read_stops_the_client() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        ServerScript script = new ServerScript()
                .expectHead()
                .await(go)
                .expect(1)
                .send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                .stall();
        try (ScriptedServer server = ScriptedServer.start(script);
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + (long) TOTAL * MEBIBYTE + "\r\n\r\n");
            AtomicLong sent = new AtomicLong();
            Thread sending = new Thread(() -> send(client, sent));
            sending.setDaemon(true);
            sending.start();

            assertThat(awaitStandstill(sent::get)).isLessThan(BOUND);

            go.countDown();
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void a_client_that_does_not_read_gets_no_more_of_its_pipelined_requests_served() {
        String body = "x".repeat(8000);
        String response = "HTTP/1.1 200 OK\r\nContent-Length: 8000\r\n\r\n" + body;
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering(response));
                ProxyFixture fixture = ProxyFixture.over(server);
                RawClient client = RawClient.slow(fixture.proxy)) {
            int requests = 5000;
            Thread sending = new Thread(() -> {
                for (int i = 0; i < requests; i++) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                }
            });
            sending.setDaemon(true);
            sending.start();
            long stopped = awaitStandstill(server::sent);

            assertThat(stopped).isLessThan((long) requests * response.length());

            for (int i = 0; i < requests; i++) {
                assertThat(client.read().body()).isEqualTo(body);
            }
        }
    }

    private static void send(RawClient client, AtomicLong sent) {
        byte[] block = new byte[1 << 16];
        try {
            for (int i = 0; i < TOTAL * 16; i++) {
                client.out().write(block);
                sent.addAndGet(block.length);
            }
        } catch (IOException answeredBeforeTheEnd) {
            // as it should be
        }
    }

    /** Waits until the number has grown and then stood still for 200 looks, a millisecond apart. */
    private static long awaitStandstill(java.util.function.LongSupplier number) {
        long[] last = {0};
        int[] still = {0};
        Await.until("standstill", () -> {
            long now = number.getAsLong();
            still[0] = now == last[0] && now > 0 ? still[0] + 1 : 0;
            last[0] = now;
            return still[0] > 200;
        });
        return last[0];
    }
}
