package io.github.lbkit.http.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.ListenerTls;
import io.github.lbkit.http.ListenerTls.ClientAuth;
import io.github.lbkit.http.TlsCertificate;
import io.github.lbkit.http.fixture.CapturedLog;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.tls.TestAuthority;
import io.github.lbkit.testkit.tls.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engines towards clients: certificate by name, kinds of keys, versions, client certificates, resumption. */
class ListenerEnginesTest {
    private static final TestAuthority ROOT = TestAuthority.create("root");

    @TempDir
    private Path directory;

    private int files;

    private TlsCertificate file(TestCertificate certificate) throws IOException {
        return TlsCertificate.of(certificate.write(directory.resolve("c" + files++ + ".pem")));
    }

    private static WatchedListenerEngines open(ListenerTls.Builder settings) {
        return WatchedListenerEngines.open(settings.build(), new ManualScheduler());
    }

    private static SSLEngine client(SSLContext context) {
        SSLEngine client = context.createSSLEngine("shop.test", 443);
        client.setUseClientMode(true);
        return client;
    }

    private static X509Certificate shown(ListenerEngines engines, @Nullable String name) throws IOException {
        return (X509Certificate) EnginePair.connect(client(ROOT.context()), engines.engine(name))
                .clientSession()
                .getPeerCertificates()[0];
    }

    @Test
    void a_name_chooses_the_exact_certificate_before_the_wildcard_and_the_first_otherwise() throws IOException {
        TestCertificate first = ROOT.leaf("first.test").issue();
        TestCertificate wildcard = ROOT.leaf("*.shop.test").issue();
        TestCertificate exact = ROOT.leaf("www.shop.test", "shop.test").issue();

        WatchedListenerEngines engines = open(
                ListenerTls.builder(file(first)).certificate(file(wildcard)).certificate(file(exact)));

        assertThat(shown(engines, "www.shop.test")).isEqualTo(exact.leaf());
        assertThat(shown(engines, "SHOP.test")).isEqualTo(exact.leaf());
        assertThat(shown(engines, "api.shop.test")).isEqualTo(wildcard.leaf());
        assertThat(shown(engines, "a.api.shop.test")).isEqualTo(first.leaf());
        assertThat(shown(engines, "other.test")).isEqualTo(first.leaf());
        assertThat(shown(engines, null)).isEqualTo(first.leaf());
    }

    @Test
    void a_chain_of_three_is_sent_so_that_a_client_needs_the_root_alone() throws IOException {
        TestCertificate server = ROOT.intermediate("upper")
                .intermediate("lower")
                .leaf("shop.test")
                .issue();

        WatchedListenerEngines engines = open(ListenerTls.builder(file(server)));

        assertThat(EnginePair.connect(client(ROOT.context()), engines.engine(null))
                        .clientSession()
                        .getPeerCertificates())
                .containsExactlyElementsOf(server.chain().subList(0, 3));
    }

    @Test
    void rsa_and_ec_certificates_for_equal_names_are_chosen_by_what_the_client_verifies() throws IOException {
        TestCertificate ec = ROOT.leaf("shop.test").issue();
        TestCertificate rsa = ROOT.leaf("shop.test").rsa().issue();
        WatchedListenerEngines engines = open(ListenerTls.builder(file(rsa)).certificate(file(ec)));

        assertThat(shownInTls12(engines, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
                .isEqualTo(rsa.leaf());
        assertThat(shownInTls12(engines, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
                .isEqualTo(ec.leaf());
        assertThat(List.of(rsa.leaf(), ec.leaf())).contains(shown(engines, "shop.test"));
    }

    private static X509Certificate shownInTls12(ListenerEngines engines, String suite) throws IOException {
        SSLEngine client = client(ROOT.context());
        client.setEnabledProtocols(new String[] {"TLSv1.2"});
        client.setEnabledCipherSuites(new String[] {suite});
        return (X509Certificate) EnginePair.connect(client, engines.engine("shop.test"))
                .clientSession()
                .getPeerCertificates()[0];
    }

    @Test
    void a_second_certificate_with_equal_names_and_kind_of_key_is_reported() throws IOException {
        TestCertificate first = ROOT.leaf("shop.test").issue();

        try (CapturedLog log = new CapturedLog()) {
            WatchedListenerEngines engines = open(ListenerTls.builder(file(first))
                    .certificate(file(ROOT.leaf("shop.test").issue())));
            assertThat(log.with("is not used")).singleElement().asString().contains("c1.pem", "c0.pem");
            assertThat(shown(engines, "shop.test")).isEqualTo(first.leaf());
        }
    }

    @Test
    void only_the_versions_and_suites_of_the_settings_are_spoken() throws IOException {
        TlsCertificate certificate = file(ROOT.leaf("shop.test").issue());
        WatchedListenerEngines engines = open(ListenerTls.builder(certificate)
                .protocols(Set.of("TLSv1.3"))
                .cipherSuites(List.of("TLS_AES_256_GCM_SHA384")));
        SSLEngine old = client(ROOT.context());
        old.setEnabledProtocols(new String[] {"TLSv1.2"});

        assertThat(EnginePair.connect(client(ROOT.context()), engines.engine(null))
                        .clientSession()
                        .getCipherSuite())
                .isEqualTo("TLS_AES_256_GCM_SHA384");
        assertThatThrownBy(() -> EnginePair.connect(old, engines.engine(null))).isInstanceOf(SSLException.class);
    }

    @Test
    void the_application_protocol_is_agreed_or_the_client_is_refused() throws IOException {
        WatchedListenerEngines engines =
                open(ListenerTls.builder(file(ROOT.leaf("shop.test").issue())));

        SSLEngine server = engines.engine(null);
        EnginePair.connect(offering("h2", "http/1.1"), server);
        assertThat(server.getApplicationProtocol()).isEqualTo("http/1.1");
        SSLEngine none = engines.engine(null);
        EnginePair.connect(client(ROOT.context()), none);
        assertThat(none.getApplicationProtocol()).isEmpty();
        assertThatThrownBy(() -> EnginePair.connect(offering("h2"), engines.engine(null)))
                .isInstanceOf(SSLException.class);
    }

    private static SSLEngine offering(String... protocols) {
        SSLEngine client = client(ROOT.context());
        var parameters = client.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        client.setSSLParameters(parameters);
        return client;
    }

    @Test
    void a_client_certificate_is_needed_or_wanted_and_never_of_another_authority() throws IOException {
        TestAuthority clients = TestAuthority.create("clients");
        TestAuthority strangers = TestAuthority.create("strangers");
        TestCertificate known = clients.leaf("alice").issue();
        TlsCertificate own = file(ROOT.leaf("shop.test").issue());
        Path ca = clients.write(directory.resolve("clients.pem"));
        WatchedListenerEngines needs = open(ListenerTls.builder(own).clientAuthorities(ca));
        WatchedListenerEngines wants =
                open(ListenerTls.builder(own).clientAuthorities(ca).clientAuth(ClientAuth.WANT));

        for (WatchedListenerEngines engines : List.of(needs, wants)) {
            assertThat(EnginePair.connect(client(ROOT.context(known)), engines.engine(null))
                            .serverSession()
                            .getPeerCertificates()[0])
                    .isEqualTo(known.leaf());
            SSLEngine stranger = client(ROOT.context(strangers.leaf("alice").issue()));
            if (engines == needs) {
                assertThatThrownBy(() -> EnginePair.connect(stranger, engines.engine(null)))
                        .isInstanceOf(SSLException.class);
            }
            SSLEngine expired =
                    client(ROOT.context(clients.leaf("bob").expired().issue()));
            assertThatThrownBy(() -> EnginePair.connect(expired, engines.engine(null)))
                    .isInstanceOf(SSLException.class);
        }
        assertThatThrownBy(() -> EnginePair.connect(client(ROOT.context()), needs.engine(null)))
                .isInstanceOf(SSLException.class);
        EnginePair nameless = EnginePair.connect(client(ROOT.context()), wants.engine(null));
        assertThatThrownBy(() -> nameless.serverSession().getPeerCertificates())
                .isInstanceOf(SSLPeerUnverifiedException.class);
    }

    @Test
    void a_revoked_client_is_refused_and_so_is_every_client_of_an_authority_without_a_valid_list() throws IOException {
        TestAuthority clients = TestAuthority.create("clients");
        TestCertificate good = clients.leaf("alice").issue();
        TestCertificate revoked = clients.leaf("mallory").issue();
        TestCertificate below = clients.intermediate("branch").leaf("carol").issue();
        Path list = Files.writeString(directory.resolve("crl.pem"), clients.revocations(revoked));
        WatchedListenerEngines engines =
                open(ListenerTls.builder(file(ROOT.leaf("shop.test").issue()))
                        .clientAuthorities(clients.write(directory.resolve("clients.pem")))
                        .clientRevocations(list));

        EnginePair.connect(client(ROOT.context(good)), engines.engine(null));
        for (TestCertificate bad : List.of(revoked, below)) {
            assertThatThrownBy(() -> EnginePair.connect(client(ROOT.context(bad)), engines.engine(null)))
                    .isInstanceOf(SSLException.class);
        }
        Files.writeString(
                list,
                clients.revocationsUntil(good.leaf().getNotBefore().toInstant().plusSeconds(60)));
        WatchedListenerEngines outdated =
                open(ListenerTls.builder(file(ROOT.leaf("shop.test").issue()))
                        .clientAuthorities(directory.resolve("clients.pem"))
                        .clientRevocations(list));
        assertThatThrownBy(() -> EnginePair.connect(client(ROOT.context(good)), outdated.engine(null)))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void a_session_is_resumed_under_its_own_name_and_never_under_another_one() throws IOException {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            WatchedListenerEngines engines =
                    open(ListenerTls.builder(file(ROOT.leaf("shop.test").issue()))
                            .certificate(file(ROOT.leaf("bank.test").issue()))
                            .protocols(Set.of(version)));
            CountingTrust trust = new CountingTrust();
            SSLContext context = trust.context();

            EnginePair.connect(client(context), engines.engine("shop.test"));
            EnginePair.connect(client(context), engines.engine("shop.test"));
            assertThat(trust.count()).as(version).isEqualTo(1);
            EnginePair.connect(client(context), engines.engine("bank.test"));
            assertThat(trust.count()).as(version).isEqualTo(2);
        }
    }
}
