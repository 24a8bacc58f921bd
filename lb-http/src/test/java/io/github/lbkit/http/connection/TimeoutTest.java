package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.ShortTimeouts;
import io.github.lbkit.http.fixture.TruncatedResponses;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests of timeouts of clients and servers. */
class TimeoutTest {
    private static final ServerScript OK = ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    private static final ServerScript SILENT = new ServerScript().expectHead().stall();

    @Test
    void a_head_that_does_not_end_is_408() {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.head()), server);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.send("GET / HTTP/1.1\r\nHo").read();

            assertThat(response.status()).isEqualTo(408);
            assertThat(response.field("Connection")).contains("close");
            assertThat(client.isAtEnd()).isTrue();
            assertThat(server.accepted()).isZero();
        }
    }

    @Test
    void a_client_that_sends_nothing_is_closed_without_a_response() {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.idle()), server);
                RawClient client = fixture.client()) {
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void an_idle_client_is_closed_without_a_response() {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.idle()), server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("ok");
            assertThat(client.isAtEnd()).isTrue();
        }
    }

    @Test
    void a_request_body_that_does_not_go_on_is_408() {
        try (ScriptedServer server = ScriptedServer.start(SILENT);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.requestBody()), server);
                RawClient client = fixture.client()) {
            RawClient.Response response = client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc")
                    .read();

            assertThat(response.status()).isEqualTo(408);
            assertThat(client.isAtEnd()).isTrue();
            assertThat(server.accepted()).isZero();
        }
    }

    @Test
    void a_response_that_does_not_begin_is_504() {
        try (ScriptedServer server = ScriptedServer.start(SILENT);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.response()), server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(504);
            fixture.awaitOutcomes("s1 failed TIMEOUT");
        }
    }

    @Test
    void a_response_head_that_does_not_end_is_504() {
        ServerScript half =
                new ServerScript().expectHead().send("HTTP/1.1 200 OK\r\n").stall();
        try (ScriptedServer server = ScriptedServer.start(half);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.response()), server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(504);
            fixture.awaitOutcomes("s1 failed TIMEOUT");
        }
    }

    @Test
    void a_response_body_that_does_not_go_on_is_cut() {
        ServerScript half = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                .stall();
        try (ScriptedServer server = ScriptedServer.start(half);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.silence()), server);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(TruncatedResponses.of(client)).isTrue();
            fixture.awaitOutcomes("s1 failed TIMEOUT");
        }
    }

    @Test
    void a_client_that_does_not_read_its_response_is_cut() {
        byte[] block = new byte[1 << 20];
        ServerScript endless = new ServerScript()
                .expectHead()
                .send("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
                .sendRepeatedly(block, 1024);
        try (ScriptedServer server = ScriptedServer.start(endless);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.writeStall()), server);
                RawClient client = RawClient.slow(fixture.proxy)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            fixture.awaitOutcomes("s1 abandoned");
            server.awaitEnded(1);
        }
    }

    @Test
    void a_server_that_does_not_read_its_request_is_504() {
        try (ScriptedServer server = ScriptedServer.start(SILENT);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.writeStall()), server);
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n");
            Thread sending = new Thread(() -> {
                try {
                    byte[] block = new byte[1 << 16];
                    for (int i = 0; i < 16384; i++) {
                        client.out().write(block);
                    }
                } catch (IOException cut) {
                    // as it should be
                }
            });
            sending.setDaemon(true);
            sending.start();

            assertThat(client.read().status()).isEqualTo(504);
            fixture.awaitOutcomes("s1 failed TIMEOUT");
        }
    }

    @Test
    void a_request_that_takes_too_long_in_all_is_504() {
        try (ScriptedServer server = ScriptedServer.start(SILENT);
                ScriptedServer other = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.request()), server, other);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(504);
            assertThat(other.accepted()).isZero();
            fixture.awaitOutcomes("s1 failed TIMEOUT");
        }
    }

    @Test
    void a_connection_that_is_not_made_in_time_counts_as_refused() throws IOException {
        try (ServerSocket full = new ServerSocket()) {
            full.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            List<Socket> waiting = fill(full);
            try (ScriptedServer second = ScriptedServer.start(OK);
                    ProxyFixture fixture = ProxyFixture.at(
                            b -> b.timeouts(ShortTimeouts.connect()),
                            (InetSocketAddress) full.getLocalSocketAddress(),
                            second.address());
                    RawClient client = fixture.client()) {
                assertThat(client.get("/").body()).isEqualTo("ok");
                fixture.awaitOutcomes("s1 failed CONNECT", "s2 succeeded");
            } finally {
                for (Socket socket : waiting) {
                    socket.close();
                }
            }
        }
    }

    /** Fills the queue of a listener that never accepts, so that the kernel answers no further connection. */
    private static List<Socket> fill(ServerSocket listener) {
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(listener.getLocalSocketAddress(), 200);
            } catch (IOException full) {
                break;
            }
        }
        return waiting;
    }

    @Test
    void an_unused_connection_to_a_server_is_not_kept_for_ever() {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(b -> b.timeouts(ShortTimeouts.upstreamIdle()), server);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("ok");
            server.awaitEnded(1);
            assertThat(client.get("/").body()).isEqualTo("ok");
            assertThat(server.accepted()).isEqualTo(2);
        }
    }
}
