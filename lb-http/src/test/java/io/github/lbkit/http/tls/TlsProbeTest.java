package io.github.lbkit.http.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.http.HttpProbe;
import io.github.lbkit.http.ServerTls;
import io.github.lbkit.http.TlsCertificate;
import io.github.lbkit.http.fixture.TestTls;
import io.github.lbkit.http.fixture.TlsPeer;
import io.github.lbkit.testkit.tls.TestCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** Tests of probes over TLS, which must judge certificates as the proxy does. */
class TlsProbeTest {
    private static final ServerTls TRUSTING =
            ServerTls.builder().authorities(TestTls.authorityFile()).build();

    @Test
    void a_server_with_a_trusted_certificate_passes() throws Exception {
        assertThat(probe(TRUSTING, TestTls.CERTIFICATE, Map.of("scheme", "https"))
                        .passed())
                .isTrue();
    }

    @Test
    void the_attributes_sni_and_host_name_the_certificate() throws Exception {
        TestCertificate named = TestTls.AUTHORITY.leaf("shop.test").issue();

        assertThat(probe(TRUSTING, named, Map.of("scheme", "https", "sni", "shop.test")))
                .isEqualTo(ProbeResult.PASSED);
        assertThat(probe(TRUSTING, named, Map.of("scheme", "https", "host", "shop.test")))
                .isEqualTo(ProbeResult.PASSED);
        assertThat(probe(TRUSTING, named, Map.of("scheme", "https")).toString())
                .contains("its certificate is for another host");
    }

    @Test
    void an_expired_certificate_fails_and_the_reason_is_told() throws Exception {
        TestCertificate expired = TestTls.AUTHORITY.leaf("127.0.0.1").expired().issue();

        assertThat(probe(TRUSTING, expired, Map.of("scheme", "https")).toString())
                .contains("its certificate has expired");
    }

    @Test
    void the_authorities_of_the_jdk_are_the_default() throws Exception {
        assertThat(probe(ServerTls.DEFAULTS, TestTls.CERTIFICATE, Map.of("scheme", "https"))
                        .toString())
                .contains("no trusted authority has issued its certificate");
    }

    @Test
    void insecure_settings_accept_any_certificate() throws Exception {
        TestCertificate expired = TestTls.AUTHORITY.leaf("other.test").expired().issue();
        ServerTls insecure = ServerTls.builder().insecure(true).build();

        assertThat(probe(insecure, expired, Map.of("scheme", "https")).passed()).isTrue();
    }

    @Test
    void a_client_certificate_is_shown() throws Exception {
        ServerTls own = ServerTls.builder()
                .authorities(TestTls.authorityFile())
                .certificate(TlsCertificate.of(
                        TestTls.write(TestTls.AUTHORITY.leaf("proxy").issue())))
                .build();
        try (TlsPeer server = TlsPeer.start(
                TestTls.AUTHORITY.context(TestTls.CERTIFICATE),
                socket -> socket.setNeedClientAuth(true),
                TlsProbeTest::answer)) {
            assertThat(probe(own, server, Map.of("scheme", "https")).passed()).isTrue();
        }
    }

    private static ProbeResult probe(ServerTls tls, TestCertificate certificate, Map<String, String> attributes)
            throws Exception {
        try (TlsPeer server = TlsPeer.start(certificate.context(), TlsProbeTest::answer)) {
            return probe(tls, server, attributes);
        }
    }

    private static ProbeResult probe(ServerTls tls, TlsPeer server, Map<String, String> attributes) throws Exception {
        Address address = new Address("127.0.0.1", server.port(), attributes);
        try (HttpProbe probe = HttpProbe.path("/health").serverTls(tls).build(Runtimes.system())) {
            return probe.probe(new Instance("i", address, 1), Duration.ofSeconds(20))
                    .toCompletableFuture()
                    .get();
        }
    }

    private static void answer(SSLSocket client) throws IOException {
        assertThat(TlsPeer.readHead(client)).containsOnlyOnce("\r\nHost: 127.0.0.1:");
        client.getOutputStream()
                .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
    }
}
