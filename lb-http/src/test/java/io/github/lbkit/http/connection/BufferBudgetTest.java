package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.ShortTimeouts;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that the buffers of all connections together stay within their budget, even if peers do not read. */
class BufferBudgetTest {
    private static final int BUDGET = 1 << 20;

    /** What one read may add after the last look at the budget, and what stands in heads. */
    private static final int SLACK = 256 * 1024;

    /** Each holds up to 100 KiB. */
    private static final int UPLOADS = 200;

    /** Each holds some 13 KiB. */
    private static final int DOWNLOADS = 150;

    @Test
    void uploads_to_a_server_that_does_not_read_are_bounded_and_new_requests_are_503_until_they_end() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(uploadsStall());
                ProxyFixture fixture = ProxyFixture.over(BufferBudgetTest::small, server)) {
            List<RawClient> hogs = new ArrayList<>();
            RawClient.Response answer = get(fixture);
            for (int i = 0; i < UPLOADS && answer.status() != 503; i++) {
                RawClient hog = fixture.client();
                hogs.add(hog);
                hog.send("POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n");
                sendAllThatGoes(hog);
                answer = get(fixture);
            }

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.field("Retry-After")).isPresent();
            assertThat(held(fixture)).isLessThan(BUDGET + SLACK);
            hogs.forEach(RawClient::reset);
            end(server); // what dead clients have sent would be passed on first
            Await.until(() -> "nothing held, but " + held(fixture), () -> held(fixture) == 0);
            assertServes(fixture);
        }
    }

    @Test
    void responses_that_their_clients_do_not_read_are_bounded() {
        ServerScript endless = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
                .sendRepeatedly(new byte[1 << 20], 1024);
        ServerScript[] scripts = new ServerScript[DOWNLOADS];
        Arrays.fill(scripts, endless);
        try (ScriptedServer server = ScriptedServer.start(scripts);
                ProxyFixture fixture = ProxyFixture.over(BufferBudgetTest::small, server)) {
            List<RawClient> hogs = new ArrayList<>();
            for (int i = 0; i < DOWNLOADS && held(fixture) < BUDGET * 0.8; i++) {
                RawClient hog = RawClient.slow(fixture.proxy);
                hogs.add(hog);
                hog.send("GET /down HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            Await.until(() -> "tight, at " + held(fixture), () -> held(fixture) >= BUDGET * 0.8);

            assertThat(held(fixture)).isLessThan(BUDGET + SLACK);
            hogs.forEach(RawClient::reset);
            Await.until(() -> "nothing held, but " + held(fixture), () -> held(fixture) == 0);
            assertServes(fixture);
        }
    }

    @Test
    void a_budget_out_of_range_is_refused_by_its_name() {
        assertThatThrownBy(() -> ReverseProxy.builder().maxBuffered(1000))
                .hasMessageContaining("maxBuffered 1000")
                .hasMessageContaining("1048576 to");
    }

    private static ReverseProxyBuilder small(ReverseProxyBuilder builder) {
        return builder.maxBuffered(BUDGET)
                .route("/here", 0, request -> LocalResponse.text(200, "ok"))
                .timeouts(ShortTimeouts.allLong().build());
    }

    private static ServerScript[] uploadsStall() {
        ServerScript[] scripts = new ServerScript[UPLOADS];
        Arrays.fill(scripts, new ServerScript().expectHead().stall());
        return scripts;
    }

    private static void sendAllThatGoes(RawClient hog) {
        Thread sending = new Thread(() -> {
            byte[] block = new byte[1 << 16];
            Socket socket = hog.socket;
            try {
                for (int i = 0; i < 16_384; i++) {
                    socket.getOutputStream().write(block);
                }
            } catch (IOException ended) {
                // by the test
            }
        });
        sending.setDaemon(true);
        sending.start();
    }

    private static void end(ScriptedServer server) {
        server.close();
    }

    private static long held(ProxyFixture fixture) {
        return fixture.proxy.bufferedBytes();
    }

    private static void assertServes(ProxyFixture fixture) {
        fixture.awaitNothingInFlight();
        assertThat(get(fixture).status()).isEqualTo(200);
    }

    private static RawClient.Response get(ProxyFixture fixture) {
        try (RawClient client = fixture.client()) {
            return client.get("/here");
        }
    }
}
