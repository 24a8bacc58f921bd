package io.github.lbkit.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.ServerTls;
import io.github.lbkit.http.TlsCertificate;
import io.github.lbkit.http.fixture.CapturedLog;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.TestTls;
import io.github.lbkit.http.fixture.TlsPeer;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import io.github.lbkit.testkit.tls.TestAuthority;
import io.github.lbkit.testkit.tls.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of servers over TLS: verification, failures, and the end of responses. */
@Isolated("it reads what the logger writes to the standard error stream")
class ServerTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void requests_to_an_https_server_go_over_one_verified_connection(String version) {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (TlsPeer server = TlsPeer.start(
                        TestTls.CERTIFICATE.context(),
                        socket -> socket.setEnabledProtocols(new String[] {version}),
                        client -> answer(client, heads, 3));
                ProxyFixture fixture = ProxyFixture.named(ServerTest::trusting, https("localhost", server.port()));
                RawClient client = fixture.client()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.get("/" + i).body()).isEqualTo("ok");
            }

            assertThat(heads).hasSize(3);
            assertThat(server.accepted()).isEqualTo(1);
            fixture.awaitOutcomes("s1 succeeded", "s1 succeeded", "s1 succeeded");
        }
    }

    @Test
    void the_sni_attribute_is_the_name_that_is_sent_and_verified() {
        try (TlsPeer server = TlsPeer.start(TestTls.CERTIFICATE.context(), client -> answer(client, 1));
                ProxyFixture fixture = ProxyFixture.named(
                        ServerTest::trusting,
                        new Address("127.0.0.1", server.port(), Map.of("scheme", "https", "sni", "proxy.test")));
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void a_body_of_megabytes_passes_both_ways() throws IOException {
        byte[] body = new byte[3_000_000];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) ('a' + i % 23);
        }
        String text = new String(body, StandardCharsets.US_ASCII);
        try (TlsPeer server = TlsPeer.start(TestTls.CERTIFICATE.context(), client -> {
                    TlsPeer.readHead(client);
                    byte[] echo = client.getInputStream().readNBytes(body.length);
                    client.getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\nContent-Length: " + echo.length + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    client.getOutputStream().write(echo);
                });
                ProxyFixture fixture = ProxyFixture.named(ServerTest::trusting, https("127.0.0.1", server.port()));
                RawClient client = fixture.client()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n");
            client.send(body);

            assertThat(client.read().body()).isEqualTo(text);
        }
    }

    @Test
    void an_expired_certificate_is_a_502_and_the_reason_is_told() {
        TestCertificate expired = TestTls.AUTHORITY.leaf("localhost").expired().issue();
        refused(expired, ServerTest::trusting, "localhost", "its certificate has expired");
    }

    @Test
    void a_certificate_of_another_host_is_a_502() {
        TestCertificate other = TestTls.AUTHORITY.leaf("other.test").issue();
        refused(other, ServerTest::trusting, "localhost", "its certificate is for another host");
    }

    @Test
    void a_certificate_for_a_name_is_not_valid_for_an_address() {
        TestCertificate named = TestTls.AUTHORITY.leaf("localhost").issue();
        refused(named, ServerTest::trusting, "127.0.0.1", "its certificate is for another host");
    }

    @Test
    void a_certificate_of_an_unknown_authority_is_a_502() {
        TestCertificate unknown =
                TestAuthority.create("unknown").leaf("localhost").issue();
        refused(unknown, ServerTest::trusting, "localhost", "no trusted authority has issued its certificate");
    }

    @Test
    void the_authorities_of_the_jdk_are_the_default() {
        refused(TestTls.CERTIFICATE, b -> b, "localhost", "no trusted authority has issued its certificate");
    }

    private static void refused(
            TestCertificate certificate, UnaryOperator<ReverseProxyBuilder> settings, String host, String reason) {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (CapturedLog log = new CapturedLog();
                TlsPeer server = TlsPeer.start(certificate.context(), client -> answer(client, heads, 1));
                ProxyFixture fixture = ProxyFixture.named(settings, https(host, server.port()));
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(502);

            assertThat(heads).isEmpty();
            assertThat(fixture.outcomes.get(0)).isEqualTo("s1 failed CONNECT");
            assertThat(log.awaitLineWith("tls-failed"))
                    .contains("server s1: the TLS handshake with it failed (" + reason);
        }
    }

    @Test
    void a_server_that_does_not_speak_tls_gets_nothing_in_clear_text() {
        ServerScript plain = new ServerScript().expect(5).send("HTTP/1.1 400 Bad Request\r\n\r\n");
        try (ScriptedServer server = ScriptedServer.start(plain);
                ProxyFixture fixture = ProxyFixture.named(ServerTest::trusting, https("127.0.0.1", server.port()));
                RawClient client = fixture.client()) {
            assertThat(client.send("GET /secret HTTP/1.1\r\nHost: x\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(502);

            assertThat(server.received()).startsWith("\u0016\u0003").doesNotContain("secret");
            assertThat(fixture.outcomes.get(0)).isEqualTo("s1 failed CONNECT");
        }
    }

    @Test
    void a_server_that_is_silent_in_the_handshake_exceeds_its_timeout() {
        ServerTls impatient = ServerTls.builder()
                .authorities(TestTls.authorityFile())
                .handshakeTimeout(Duration.ofMillis(100))
                .build();
        ServerScript silent = new ServerScript().expect(5).stall();
        try (CapturedLog log = new CapturedLog();
                ScriptedServer server = ScriptedServer.start(silent);
                ProxyFixture fixture =
                        ProxyFixture.named(b -> b.serverTls(impatient), https("127.0.0.1", server.port()));
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(502);
            fixture.awaitOutcomes("s1 failed CONNECT");
            assertThat(log.awaitLineWith("tls-failed")).contains("it did not complete the handshake in time");
        }
    }

    @Test
    void another_server_gets_the_request_after_a_bad_certificate() {
        TestCertificate expired = TestTls.AUTHORITY.leaf("localhost").expired().issue();
        try (TlsPeer bad = TlsPeer.start(expired.context(), client -> answer(client, 1));
                TlsPeer good = TlsPeer.start(TestTls.CERTIFICATE.context(), client -> answer(client, 1));
                ProxyFixture fixture = ProxyFixture.named(
                        ServerTest::trusting, https("localhost", bad.port()), https("localhost", good.port()));
                RawClient client = fixture.client()) {
            assertThat(client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
                            .read()
                            .status())
                    .isEqualTo(200);
            fixture.awaitOutcomes("s1 failed CONNECT", "s2 succeeded");
        }
    }

    @Test
    void a_response_up_to_close_notify_is_complete() {
        try (TlsPeer server = TlsPeer.start(TestTls.CERTIFICATE.context(), client -> {
                    TlsPeer.readHead(client);
                    write(client, "HTTP/1.1 200 OK\r\n\r\nall of it");
                    client.close();
                });
                ProxyFixture fixture = ProxyFixture.named(ServerTest::trusting, https("localhost", server.port()));
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("all of it");
            fixture.awaitOutcomes("s1 succeeded");
        }
    }

    @Test
    void a_response_up_to_a_bare_fin_is_cut() {
        try (CutPeer server = CutPeer.start(TestTls.CERTIFICATE.context(), "HTTP/1.1 200 OK\r\n\r\nhalf of it");
                ProxyFixture fixture = ProxyFixture.named(ServerTest::trusting, https("localhost", server.port()));
                RawClient client = fixture.client()) {
            assertThatThrownBy(() -> client.get("/")).isInstanceOf(UncheckedIOException.class);
            fixture.awaitOutcomes("s1 failed DISCONNECT");
        }
    }

    @Test
    void a_client_certificate_is_shown_to_a_server_that_asks() {
        TestCertificate own = TestTls.AUTHORITY.leaf("proxy").issue();
        UnaryOperator<ReverseProxyBuilder> settings = b -> b.serverTls(ServerTls.builder()
                .authorities(TestTls.authorityFile())
                .certificate(TlsCertificate.of(TestTls.write(own)))
                .build());
        List<String> subjects = new CopyOnWriteArrayList<>();
        try (TlsPeer server = asking(client -> {
                    subjects.add(client.getSession().getPeerPrincipal().getName());
                    answer(client, 1);
                });
                ProxyFixture fixture = ProxyFixture.named(settings, https("localhost", server.port()));
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);

            assertThat(subjects).containsExactly("CN=proxy");
        }
    }

    @Test
    void a_server_that_asks_for_a_certificate_that_the_proxy_lacks_is_a_502() {
        try (TlsPeer server = asking(client -> answer(client, 1));
                ProxyFixture fixture = ProxyFixture.named(ServerTest::trusting, https("localhost", server.port()));
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(502);
        }
    }

    /** Starts a server that needs a certificate of the test authority. */
    private static TlsPeer asking(TlsPeer.Conversation conversation) {
        return TlsPeer.start(
                TestTls.AUTHORITY.context(TestTls.CERTIFICATE), socket -> socket.setNeedClientAuth(true), conversation);
    }

    @Test
    void sessions_with_a_server_are_resumed() throws IOException {
        List<Long> made = new CopyOnWriteArrayList<>();
        try (TlsPeer server = TlsPeer.start(TestTls.CERTIFICATE.context(), client -> {
                    made.add(client.getSession().getCreationTime());
                    TlsPeer.readHead(client);
                    write(client, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                });
                ProxyFixture fixture = ProxyFixture.named(ServerTest::trusting, https("localhost", server.port()));
                RawClient client = fixture.client()) {
            client.get("/1");
            client.get("/2");

            assertThat(made).hasSize(2);
            assertThat(made.get(1)).isEqualTo(made.get(0));
        }
    }

    private static ReverseProxyBuilder trusting(ReverseProxyBuilder builder) {
        return builder.serverTls(
                ServerTls.builder().authorities(TestTls.authorityFile()).build());
    }

    private static Address https(String host, int port) {
        return new Address(host, port, Map.of("scheme", "https"));
    }

    private static void answer(SSLSocket client, int count) throws IOException {
        answer(client, new CopyOnWriteArrayList<>(), count);
    }

    private static void answer(SSLSocket client, List<String> heads, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            heads.add(TlsPeer.readHead(client));
            write(client, OK);
        }
        client.getInputStream().read();
    }

    private static void write(SSLSocket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
