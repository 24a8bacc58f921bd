package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScriptedServerTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void answers_every_head_until_the_client_closes_the_connection() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(ServerScript.answering("hi"));
                Socket client = connect(server)) {
            send(client, REQUEST);
            assertThat(read(client, 2)).isEqualTo("hi");
            send(client, REQUEST);
            assertThat(read(client, 2)).isEqualTo("hi");
            client.shutdownOutput();

            server.awaitEnded(1);
            assertThat(server.heads()).containsExactly(REQUEST, REQUEST);
            assertThat(server.failures()).isEmpty();
            assertThat(server.open()).isZero();
        }
    }

    @Test
    void reads_a_head_no_further_than_its_end() throws IOException {
        ServerScript script = new ServerScript()
                .expectHead()
                .expect(4)
                .expectThrough("0\r\n\r\n")
                .send("x");
        try (ScriptedServer server = ScriptedServer.start(script);
                Socket client = connect(server)) {
            send(client, REQUEST + "body" + "00\r\n0\r\n\r\n");

            assertThat(readAll(client)).isEqualTo("x");
            assertThat(server.heads()).containsExactly(REQUEST);
            assertThat(server.received(0)).isEqualTo(REQUEST + "body00\r\n0\r\n\r\n");
        }
    }

    @Test
    void plays_the_scripts_in_the_order_of_connections_and_repeats_the_last() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(
                new ServerScript().send("1"), new ServerScript().send("2"), new ServerScript().trickle("345"))) {
            for (String expected : new String[] {"1", "2", "345", "345"}) {
                try (Socket client = connect(server)) {
                    assertThat(readAll(client)).isEqualTo(expected);
                }
            }
            assertThat(server.accepted()).isEqualTo(4);
            assertThat(server.sent()).isEqualTo(8);
        }
    }

    @Test
    void a_reset_is_an_error_to_the_client() throws IOException {
        CountDownLatch read = new CountDownLatch(1);
        ServerScript script =
                new ServerScript().expectHead().send("HTTP").await(read).reset();
        try (ScriptedServer server = ScriptedServer.start(script);
                Socket client = connect(server)) {
            send(client, REQUEST);
            assertThat(read(client, 4)).isEqualTo("HTTP");
            read.countDown();

            assertThatThrownBy(() -> readAll(client)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void a_half_closed_server_still_reads() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(
                        new ServerScript().send("bye").halfClose().expectEnd());
                Socket client = connect(server)) {
            assertThat(readAll(client)).isEqualTo("bye");
            send(client, "still here");
            client.shutdownOutput();

            server.awaitReceived(10);
            assertThat(server.received()).isEqualTo("still here");
        }
    }

    @Test
    void a_refusing_server_keeps_its_port_and_accepts_no_connection() {
        try (ScriptedServer server = ScriptedServer.refusing()) {
            assertThatThrownBy(() -> connect(server)).isInstanceOf(ConnectException.class);
            assertThat(server.accepted()).isZero();
        }
    }

    @Test
    void a_refusing_server_may_listen_later_on_the_same_port() throws IOException {
        try (ScriptedServer server = ScriptedServer.refusing()) {
            int port = server.port();
            assertThatThrownBy(() -> connect(server)).isInstanceOf(ConnectException.class);

            server.listen(new ServerScript().send("hi"));

            assertThat(server.port()).isEqualTo(port);
            try (Socket client = connect(server)) {
                assertThat(readAll(client)).isEqualTo("hi");
            }
            assertThatThrownBy(() -> server.listen(new ServerScript()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(Integer.toString(port));
        }
    }

    @Test
    void closing_ends_a_stalled_connection() throws Exception {
        CountDownLatch stalling = new CountDownLatch(1);
        ScriptedServer server =
                ScriptedServer.start(new ServerScript().reached(stalling).stall());
        try (Socket client = connect(server)) {
            assertThat(stalling.await(20, TimeUnit.SECONDS)).isTrue();

            server.close();

            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(server.ended()).isEqualTo(1);
        }
    }

    @Test
    void a_client_that_closes_within_a_head_is_reported_as_a_failure() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(new ServerScript().expectHead());
                Socket client = connect(server)) {
            send(client, "GET");
            client.shutdownOutput();

            server.awaitEnded(1);
            assertThat(server.failures()).singleElement().asString().contains("after 3 bytes");
        }
    }

    private static Socket connect(ScriptedServer server) throws IOException {
        return new Socket(server.address().getAddress(), server.port());
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String read(Socket client, int bytes) throws IOException {
        return new String(client.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    private static String readAll(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
}
