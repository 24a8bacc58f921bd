package io.github.lbkit.http.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.http.ServerTls;
import io.github.lbkit.http.TlsCertificate;
import io.github.lbkit.http.fixture.CapturedLog;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.tls.TestAuthority;
import io.github.lbkit.testkit.tls.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engines towards servers: whom they trust, the name they send and verify, their own certificate, resumption. */
class ServerEnginesTest {
    private static final TestAuthority ROOT = TestAuthority.create("root");
    private static final Address SHOP = Address.of("shop.test", 443);

    @TempDir
    private Path directory;

    private final ManualScheduler time = new ManualScheduler();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path authorities;

    @BeforeEach
    void write() throws IOException {
        authorities = ROOT.write(directory.resolve("root.pem"));
    }

    private WatchedServerEngines open(ServerTls.Builder settings) {
        return WatchedServerEngines.open(settings.build(), time);
    }

    private WatchedServerEngines trusting() {
        return open(ServerTls.builder().authorities(authorities));
    }

    private static EnginePair connect(ServerEngines engines, Address address, TestCertificate server)
            throws IOException {
        SSLEngine engine = server.context().createSSLEngine();
        engine.setUseClientMode(false);
        return EnginePair.connect(engines.engine(address), engine);
    }

    private static List<SNIServerName> sentNames(EnginePair pair) {
        return ((ExtendedSSLSession) pair.serverSession()).getRequestedServerNames();
    }

    private static Address with(String host, Map<String, String> attributes) {
        return new Address(host, 443, attributes);
    }

    @Test
    void a_server_of_a_trusted_authority_with_the_right_name_is_accepted() throws IOException {
        EnginePair pair = connect(trusting(), SHOP, ROOT.leaf("shop.test").issue());

        assertThat(sentNames(pair)).containsExactly(new SNIHostName("shop.test"));
    }

    @Test
    void an_expired_certificate_another_host_and_an_unknown_authority_are_refused_by_default() throws IOException {
        List<TestCertificate> bad = List.of(
                ROOT.leaf("shop.test").expired().issue(),
                ROOT.leaf("bank.test").issue(),
                TestAuthority.create("root").leaf("shop.test").issue());

        for (TestCertificate server : bad) {
            assertThatThrownBy(() -> connect(trusting(), SHOP, server)).isInstanceOf(SSLException.class);
        }
        assertThatThrownBy(() -> connect(
                        open(ServerTls.builder()), SHOP, ROOT.leaf("shop.test").issue()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void an_insecure_setting_accepts_them_all_and_says_so_at_each_start() throws IOException {
        try (CapturedLog log = new CapturedLog()) {
            WatchedServerEngines engines = open(ServerTls.builder().insecure(true));

            connect(engines, SHOP, ROOT.leaf("bank.test").expired().issue());
            open(ServerTls.builder().insecure(true));
            assertThat(log.with("the certificates of servers are not verified")).hasSize(2);
        }
    }

    @Test
    void the_attribute_sni_is_sent_and_verified_in_place_of_the_host() throws IOException {
        TestCertificate server = ROOT.leaf("shop.test").issue();
        Address byName = with("10.0.0.1", Map.of(Address.SNI, "shop.test"));
        Address byHost = with("10.0.0.1", Map.of("host", "shop.test"));
        Address other = with("shop.test", Map.of(Address.SNI, "bank.test"));

        assertThat(sentNames(connect(trusting(), byName, server))).containsExactly(new SNIHostName("shop.test"));
        assertThat(sentNames(connect(trusting(), byHost, server))).containsExactly(new SNIHostName("shop.test"));
        assertThatThrownBy(() -> connect(trusting(), other, server)).isInstanceOf(SSLException.class);
    }

    @Test
    void an_ip_address_is_not_sent_and_must_be_in_the_certificate() throws IOException {
        TestCertificate server = ROOT.leaf("127.0.0.1", "::1").issue();

        assertThat(sentNames(connect(trusting(), Address.of("127.0.0.1", 443), server)))
                .isEmpty();
        assertThat(sentNames(connect(trusting(), Address.of("::1", 443), server)))
                .isEmpty();
        assertThatThrownBy(() -> connect(trusting(), Address.of("127.0.0.2", 443), server))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void a_name_without_a_dot_is_sent_and_one_that_no_certificate_can_have_is_refused() throws IOException {
        EnginePair pair = connect(
                trusting(), Address.of("localhost", 443), ROOT.leaf("localhost").issue());

        assertThat(sentNames(pair)).containsExactly(new SNIHostName("localhost"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trusting().engine(Address.of("my_shop", 443)))
                .withMessageContaining("my_shop")
                .withMessageContaining("set its attribute sni");
    }

    @Test
    void the_own_certificate_is_shown_to_a_server_that_asks() throws IOException {
        TestAuthority clients = TestAuthority.create("clients");
        TestCertificate own = clients.leaf("balancer").issue();
        TestCertificate server = ROOT.leaf("shop.test").issue();
        WatchedServerEngines engines = open(ServerTls.builder()
                .authorities(authorities)
                .certificate(TlsCertificate.of(own.write(directory.resolve("own.pem")))));
        SSLEngine asking = clients.context(server).createSSLEngine();
        asking.setUseClientMode(false);
        asking.setNeedClientAuth(true);

        assertThat(EnginePair.connect(engines.engine(SHOP), asking)
                        .serverSession()
                        .getPeerCertificates()[0])
                .isEqualTo(own.leaf());
    }

    @Test
    void sessions_are_resumed_until_the_authorities_change() throws IOException {
        var server = ROOT.leaf("shop.test").issue().context();
        WatchedServerEngines engines = trusting();
        byte[] first = session(engines, server);

        assertThat(session(engines, server)).as("resumed").isEqualTo(first);
        Files.writeString(
                authorities,
                Files.readString(authorities)
                        + Files.readString(TestAuthority.create("new").write(directory.resolve("new.pem"))));
        time.advance(Duration.ofMinutes(1));
        assertThat(session(engines, server)).as("full").isNotEqualTo(first);
    }

    /** Returns the session's id in TLS 1.2, where a resumed session has that of the first. */
    private static byte[] session(ServerEngines engines, javax.net.ssl.SSLContext server) throws IOException {
        SSLEngine engine = server.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        return EnginePair.connect(engines.engine(SHOP), engine).clientSession().getId();
    }

    @Test
    void authorities_that_are_wrong_are_refused_at_the_start_with_the_name_of_the_file() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "nothing");
        Path key = Files.writeString(
                directory.resolve("key.pem"), ROOT.leaf("a.test").issue().keyPem());

        for (Path wrong : List.of(empty, key, directory.resolve("absent.pem"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> open(ServerTls.builder().authorities(wrong)))
                    .withMessageContaining("file " + wrong);
        }
    }
}
