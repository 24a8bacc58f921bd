package io.github.lbkit.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.OverTls;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.TestTls;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of clients over TLS: handshakes, their failures, and the end of connections. */
@ExtendWith(OverTls.class)
class ListenerTest {
    private static final ServerScript OK = ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    private static final String GET = "GET / HTTP/1.1\r\nHost: proxy.test\r\n\r\n";

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_request_over_tls_is_told_to_the_server_as_https(String version) throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server);
                SSLSocket client = connect(fixture, version)) {
            send(client, GET);

            assertThat(read(client, 15)).isEqualTo("HTTP/1.1 200 OK");
            assertThat(server.heads()).hasSize(1);
            assertThat(server.heads().get(0)).contains("\r\nX-Forwarded-Proto: https\r\n");
            assertThat(fixture.proxy.failedHandshakes()).isZero();
        }
    }

    @Test
    void a_plain_request_on_the_port_of_tls_gets_one_400_that_tells_why() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server);
                Socket client = plain(fixture)) {
            client.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));

            String response = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(response).startsWith("HTTP/1.1 400 Bad Request\r\n");
            assertThat(response).endsWith("\r\n\r\nThis port speaks TLS: use https://\n");
            assertThat(fixture.proxy.failedHandshakes()).isEqualTo(1);
            assertThat(server.accepted()).isZero();
        }
    }

    @Test
    void bytes_that_are_no_tls_end_the_connection_with_an_alert() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server);
                Socket client = plain(fixture)) {
            client.getOutputStream().write(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});

            assertThat(client.getInputStream().readAllBytes()).startsWith(21, 3); // an alert
            assertThat(fixture.proxy.failedHandshakes()).isEqualTo(1);
        }
    }

    @Test
    void a_client_that_leaves_before_its_first_byte_is_no_failure() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server)) {
            plain(fixture).close();
            try (RawClient client = fixture.client()) {
                assertThat(client.get("/").status()).isEqualTo(200);
            }

            assertThat(fixture.proxy.failedHandshakes()).isZero();
        }
    }

    @Test
    void a_handshake_that_stops_halfway_ends_at_its_deadline() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(
                        b -> b.tls(TestTls.listener()
                                .handshakeTimeout(Duration.ofMillis(100))
                                .build()),
                        server);
                Socket client = plain(fixture)) {
            client.getOutputStream().write(new byte[] {22, 3, 1, 1, 0, 1, 0, 0, (byte) 0xfc});

            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(fixture.proxy.failedHandshakes()).isEqualTo(1);
        }
    }

    @Test
    void a_connection_without_a_request_outlives_the_deadline_of_its_handshake() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(
                        b -> b.tls(TestTls.listener()
                                .handshakeTimeout(Duration.ofMillis(200))
                                .build()),
                        server);
                SSLSocket first = connect(fixture, "TLSv1.3");
                Socket second = plain(fixture)) {
            assertThat(second.getInputStream().read()).isEqualTo(-1); // later than the deadline of the first

            send(first, GET);
            assertThat(read(first, 15)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void a_client_hello_may_arrive_byte_by_byte() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server);
                SlowRelay relay = SlowRelay.to(fixture.proxy.address());
                SSLSocket client = relay.connect("TLSv1.3")) {
            send(client, GET);

            assertThat(read(client, 15)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void a_client_that_offers_other_protocols_only_is_refused() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server);
                SSLSocket client = unconnected(fixture)) {
            offer(client, "h2");

            assertThatThrownBy(client::startHandshake)
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("no_application_protocol");
        }
    }

    @Test
    void a_client_that_offers_http_1_1_gets_it() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server);
                SSLSocket client = unconnected(fixture)) {
            offer(client, "h2", "http/1.1");
            client.startHandshake();

            assertThat(client.getApplicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @Test
    void a_second_handshake_of_tls_1_2_ends_the_connection() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server);
                SSLSocket client = connect(fixture, "TLSv1.2")) {
            assertThatThrownBy(() -> {
                        client.startHandshake();
                        send(client, GET);
                        read(client, 15);
                    })
                    .isInstanceOf(IOException.class);
            Await.until("no connection", () -> fixture.proxy.clientConnections() == 0);
        }
    }

    @Test
    void key_updates_of_tls_1_3_are_answered() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server);
                SSLSocket client = connect(fixture, "TLSv1.3")) {
            client.startHandshake(); // in TLS 1.3: a KeyUpdate with a request for another
            client.startHandshake();
            send(client, GET);

            assertThat(read(client, 15)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void a_client_of_tls_1_3_that_ends_its_side_gets_its_response() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server);
                SSLSocket client = connect(fixture, "TLSv1.3")) {
            send(client, GET);
            client.shutdownOutput();

            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("\r\n\r\nok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_closed_connection_ends_with_close_notify(String version) throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server);
                SSLSocket client = connect(fixture, version)) {
            send(client, "GET / HTTP/1.1\r\nHost: proxy.test\r\nConnection: close\r\n\r\n");

            // an end without the alert would be an SSLException
            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith("\r\n\r\nok");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_session_is_resumed(String version) throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(server)) {
            long made;
            try (SSLSocket first = connect(fixture, version)) {
                send(first, GET);
                read(first, 15); // the ticket of TLS 1.3 has come too
                made = first.getSession().getCreationTime();
            }
            try (SSLSocket second = connect(fixture, version)) {
                send(second, GET);
                read(second, 15);

                assertThat(second.getSession().getCreationTime()).isEqualTo(made);
            }
        }
    }

    private static SSLSocket unconnected(ProxyFixture fixture) throws IOException {
        Socket socket = plain(fixture);
        return (SSLSocket) TestTls.TRUSTING
                .getSocketFactory()
                .createSocket(socket, "proxy.test", fixture.proxy.address().getPort(), true);
    }

    static SSLSocket connect(ProxyFixture fixture, String version) throws IOException {
        SSLSocket client = unconnected(fixture);
        client.setEnabledProtocols(new String[] {version});
        client.startHandshake();
        return client;
    }

    private static Socket plain(ProxyFixture fixture) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(20_000);
        socket.connect(fixture.proxy.address());
        return socket;
    }

    private static void offer(SSLSocket client, String... protocols) {
        SSLParameters parameters = client.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        client.setSSLParameters(parameters);
    }

    private static void send(SSLSocket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(SSLSocket client, int count) throws IOException {
        InputStream in = client.getInputStream();
        return new String(in.readNBytes(count), StandardCharsets.US_ASCII);
    }
}
