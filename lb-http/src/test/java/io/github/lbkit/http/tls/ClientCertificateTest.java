package io.github.lbkit.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.KeyExtractor;
import io.github.lbkit.http.ListenerTls.ClientAuth;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.fixture.CapturedLog;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import io.github.lbkit.http.fixture.TestTls;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import io.github.lbkit.testkit.tls.TestAuthority;
import io.github.lbkit.testkit.tls.TestCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of certificates of clients: who is refused, and where the subject shows. */
@Isolated("it reads what the logger writes to the standard error stream")
class ClientCertificateTest {
    private static final ServerScript OK = ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    private static final TestCertificate ALICE = TestTls.AUTHORITY.leaf("alice").issue();
    private static final String GET =
            "GET / HTTP/1.1\r\nHost: a\r\nX-Client: CN=mallory\r\nx_client: CN=mallory\r\nX-Other: 1\r\n\r\n";

    @ParameterizedTest
    @CsvSource({"TLSv1.2,NEED", "TLSv1.3,NEED", "TLSv1.2,WANT", "TLSv1.3,WANT"})
    void the_subject_is_the_key_and_a_field_for_servers(String version, ClientAuth auth) throws IOException {
        List<String> keys = new CopyOnWriteArrayList<>();
        UnaryOperator<ReverseProxyBuilder> settings =
                b -> asking(auth).apply(b).clientCertificateHeader("X-Client").key(head -> {
                    keys.add(KeyExtractor.clientCertificate().key(head).toString());
                    assertThat(head.isSecure()).isTrue();
                    return KeyExtractor.clientCertificate().key(head);
                });
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(settings, server);
                SSLSocket client = connect(fixture, TestTls.AUTHORITY.context(ALICE), version)) {
            assertThat(ask(client)).isEqualTo("HTTP/1.1 200 OK");

            assertThat(keys).singleElement().asString().contains("CN=alice");
            assertThat(server.heads().get(0))
                    .containsOnlyOnce("CN=")
                    .contains("\r\nX-Client: CN=alice\r\n")
                    .contains("X-Other: 1")
                    .doesNotContain("x_client");
        }
    }

    @Test
    void the_subject_is_the_last_column_of_the_access_log() throws IOException {
        try (CapturedLog log = new CapturedLog();
                ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture =
                        ProxyFixture.over(b -> asking(ClientAuth.NEED).apply(b).accessLog(true), server);
                SSLSocket client = connect(fixture, TestTls.AUTHORITY.context(ALICE), "TLSv1.3")) {
            ask(client);

            assertThat(log.awaitLineWith("GET / 200")).endsWith(" - CN=alice");
        }
    }

    @Test
    void a_client_without_a_certificate_is_served_if_it_is_only_wanted() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(
                        b -> asking(ClientAuth.WANT).apply(b).clientCertificateHeader("X-Client"), server);
                SSLSocket client = connect(fixture, TestTls.TRUSTING, "TLSv1.3")) {
            assertThat(ask(client)).isEqualTo("HTTP/1.1 200 OK");

            assertThat(server.heads().get(0)).doesNotContain("mallory").contains("X-Other: 1");
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2", "TLSv1.3"})
    void a_client_without_a_needed_certificate_is_refused(String version) {
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(asking(ClientAuth.NEED), server)) {
            assertThatThrownBy(() -> {
                        try (SSLSocket client = connect(fixture, TestTls.TRUSTING, version)) {
                            ask(client); // in TLS 1.3, the client learns of the refusal here
                        }
                    })
                    .isInstanceOf(IOException.class);

            assertThat(fixture.proxy.failedHandshakes()).isEqualTo(1);
            assertThat(server.accepted()).isZero();
        }
    }

    @Test
    void a_certificate_of_another_authority_is_refused_also_if_it_is_only_wanted() {
        TestCertificate foreign = TestAuthority.create("foreign").leaf("eve").issue();
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(asking(ClientAuth.WANT), server)) {
            assertThatThrownBy(() -> {
                        SSLContext context = TestTls.AUTHORITY.context(foreign);
                        try (SSLSocket client = connect(fixture, context, "TLSv1.2")) {
                            ask(client);
                            // the JDK's client shows no certificate that the server would not accept
                            throw new IOException(server.heads().toString());
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void hsts_is_told_in_every_response_unless_the_server_tells_its_own() throws IOException {
        ServerScript own = ServerScript.answering(
                "HTTP/1.1 200 OK\r\nstrict-transport-security: max-age=5\r\nContent-Length: 2\r\n\r\nok");
        UnaryOperator<ReverseProxyBuilder> settings =
                b -> b.tls(TestTls.listener().build())
                        .hsts(Duration.ofDays(365))
                        .route("/local", 0, request -> LocalResponse.text(200, "local"));
        try (ScriptedServer plain = ScriptedServer.start(OK, own);
                ProxyFixture fixture = ProxyFixture.over(settings, plain);
                RawClient client = fixture.client()) {
            String expected = "max-age=31536000";
            assertThat(client.get("/").field("Strict-Transport-Security")).hasValue(expected);
            assertThat(client.get("/local").field("Strict-Transport-Security")).hasValue(expected);
            assertThat(client.send("nonsense\r\n\r\n").read().field("Strict-Transport-Security"))
                    .hasValue(expected);
        }
        try (ScriptedServer telling = ScriptedServer.start(own);
                ProxyFixture fixture = ProxyFixture.over(settings, telling);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").fields())
                    .filteredOn(field -> field.toLowerCase(Locale.ROOT).startsWith("strict"))
                    .containsExactly("strict-transport-security: max-age=5");
        }
    }

    private static UnaryOperator<ReverseProxyBuilder> asking(ClientAuth auth) {
        return b -> b.tls(TestTls.listener()
                .clientAuthorities(TestTls.authorityFile())
                .clientAuth(auth)
                .build());
    }

    private static SSLSocket connect(ProxyFixture fixture, SSLContext context, String version) throws IOException {
        SSLSocket client = (SSLSocket) context.getSocketFactory()
                .createSocket(
                        fixture.proxy.address().getAddress(),
                        fixture.proxy.address().getPort());
        client.setSoTimeout(20_000);
        client.setEnabledProtocols(new String[] {version});
        client.startHandshake();
        return client;
    }

    private static String ask(SSLSocket client) throws IOException {
        client.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
        byte[] line = client.getInputStream().readNBytes(15);
        if (line.length < 15) {
            throw new IOException("no response");
        }
        return new String(line, StandardCharsets.US_ASCII);
    }
}
