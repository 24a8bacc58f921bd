package io.github.lbkit.http.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.ListenerTls;
import io.github.lbkit.http.TlsCertificate;
import io.github.lbkit.http.fixture.CapturedLog;
import io.github.lbkit.testkit.ManualScheduler;
import io.github.lbkit.testkit.tls.TestAuthority;
import io.github.lbkit.testkit.tls.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changed files take effect without a restart, wrong ones do not, and certificates do not expire unnoticed. */
class ReloadTest {
    private static final TestAuthority ROOT = TestAuthority.create("root");
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration TWO_CHECKS = INTERVAL.plus(FileWatch.SETTLE);

    @TempDir
    private Path directory;

    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-03-01T00:00:00Z"));
    private final TestCertificate old = ROOT.leaf("shop.test").issue();
    private final TestCertificate next = ROOT.leaf("shop.test").issue();

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path pem;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path key;

    @BeforeEach
    void write() throws IOException {
        pem = directory.resolve("shop.pem");
        key = directory.resolve("shop.key");
        old.write(pem, key);
    }

    private WatchedListenerEngines open() {
        return WatchedListenerEngines.open(
                ListenerTls.builder(TlsCertificate.of(pem, key)).build(), time);
    }

    private static EnginePair connect(ListenerEngines engines, SSLContext context, @Nullable String name)
            throws IOException {
        SSLEngine client = context.createSSLEngine("shop.test", 443);
        client.setUseClientMode(true);
        return EnginePair.connect(client, engines.engine(name));
    }

    private static Certificate shown(ListenerEngines engines) throws IOException {
        return connect(engines, ROOT.context(), null).clientSession().getPeerCertificates()[0];
    }

    @Test
    void new_files_serve_new_handshakes_and_open_connections_go_on() throws IOException {
        WatchedListenerEngines engines = open();
        EnginePair open = connect(engines, ROOT.context(), null);

        next.write(pem, key);
        time.advance(INTERVAL);
        assertThat(shown(engines)).as("after one reading").isEqualTo(old.leaf());
        time.advance(FileWatch.SETTLE);

        assertThat(shown(engines)).isEqualTo(next.leaf());
        open.exchange();
    }

    @Test
    void a_half_written_pair_is_not_taken_until_its_key_has_come() throws IOException {
        WatchedListenerEngines engines = open();

        try (CapturedLog log = new CapturedLog()) {
            Files.writeString(pem, next.certificatePem());
            time.advance(Duration.ofMinutes(1));
            assertThat(shown(engines)).isEqualTo(old.leaf());
            assertThat(log.with("does not belong to any certificate"))
                    .singleElement()
                    .asString()
                    .contains("WARN", "shop.pem", "shop.key", "what was read before stays in use");
        }
        Files.writeString(key, next.keyPem());
        time.advance(TWO_CHECKS);

        assertThat(shown(engines)).isEqualTo(next.leaf());
    }

    @Test
    void a_pair_that_changes_while_it_is_read_is_not_even_reported() throws IOException {
        WatchedListenerEngines engines = open();

        try (CapturedLog log = new CapturedLog()) {
            Files.writeString(pem, next.certificatePem());
            time.advance(INTERVAL); // finds the half
            Files.writeString(key, next.keyPem());
            time.advance(FileWatch.SETTLE.multipliedBy(2));
            assertThat(log.with("WARN")).isEmpty();
        }
        assertThat(shown(engines)).isEqualTo(next.leaf());
    }

    @Test
    void a_file_that_vanishes_or_is_damaged_keeps_the_old_certificate_and_each_reason_is_logged_once()
            throws IOException {
        WatchedListenerEngines engines = open();

        try (CapturedLog log = new CapturedLog()) {
            Files.delete(pem);
            time.advance(Duration.ofMinutes(1));
            Files.writeString(pem, "not a certificate");
            time.advance(Duration.ofMinutes(1));
            assertThat(log.with("does not exist")).hasSize(1);
            assertThat(log.with("is neither PEM nor PKCS#12")).hasSize(1);
            assertThat(shown(engines)).isEqualTo(old.leaf());

            Files.writeString(pem, old.certificatePem());
            time.advance(Duration.ofMinutes(1));
            Files.delete(pem);
            time.advance(Duration.ofMinutes(1));
            assertThat(log.with("does not exist"))
                    .as("again, after it was well")
                    .hasSize(2);
        }
    }

    @Test
    void a_directory_in_place_of_a_file_keeps_the_old_certificate_and_is_logged() throws IOException {
        WatchedListenerEngines engines = open();

        try (CapturedLog log = new CapturedLog()) {
            Files.delete(pem);
            Files.createDirectory(pem);
            time.advance(Duration.ofMinutes(1));
            assertThat(log.with("cannot be read")).hasSize(1);
        }
        assertThat(shown(engines)).isEqualTo(old.leaf());
    }

    @Test
    void a_file_with_a_byte_order_mark_is_read() throws IOException {
        Files.writeString(pem, "\uFEFF" + old.certificatePem());
        Files.writeString(key, "\uFEFF" + old.keyPem());

        assertThat(shown(open())).isEqualTo(old.leaf());
    }

    @Test
    void a_reload_on_request_does_not_wait() throws IOException {
        WatchedListenerEngines engines = open();

        next.write(pem, key);
        engines.reload();
        time.runDue();

        assertThat(shown(engines)).isEqualTo(next.leaf());
    }

    @Test
    void a_changed_certificate_keeps_the_sessions_of_the_others_and_a_changed_revocation_list_ends_all()
            throws IOException {
        TestAuthority clients = TestAuthority.create("clients");
        Path list = Files.writeString(directory.resolve("crl.pem"), clients.revocations());
        WatchedListenerEngines engines = WatchedListenerEngines.open(
                ListenerTls.builder(TlsCertificate.of(pem, key))
                        .certificate(
                                TlsCertificate.of(ROOT.leaf("bank.test").issue().write(directory.resolve("bank.pem"))))
                        .clientAuthorities(clients.write(directory.resolve("clients.pem")))
                        .clientRevocations(list)
                        .clientAuth(ListenerTls.ClientAuth.WANT)
                        .build(),
                time);
        CountingTrust trust = new CountingTrust();
        SSLContext context = trust.context();
        connect(engines, context, "bank.test");

        next.write(pem, key);
        time.advance(TWO_CHECKS);
        connect(engines, context, "bank.test");
        assertThat(trust.count()).as("resumed").isEqualTo(1);

        Files.writeString(list, clients.revocations(clients.leaf("mallory").issue()));
        time.advance(TWO_CHECKS);
        connect(engines, context, "bank.test");
        assertThat(trust.count()).as("full").isEqualTo(2);
    }

    @Test
    void an_expiring_certificate_is_told_once_a_day_from_14_days_before() throws IOException {
        Instant begin = Instant.parse("2025-01-01T00:00:00Z");
        Instant end = time.now().plus(Duration.ofDays(16));
        ROOT.leaf("shop.test").valid(begin, end).issue().write(pem, key);

        try (CapturedLog log = new CapturedLog()) {
            WatchedListenerEngines engines = WatchedListenerEngines.open(
                    ListenerTls.builder(TlsCertificate.of(pem, key))
                            .reloadInterval(Duration.ofHours(1))
                            .build(),
                    time);
            time.advance(Duration.ofHours(47));
            assertThat(log.with("expires at")).isEmpty();
            time.advance(Duration.ofDays(3));
            assertThat(log.with("expires at")).hasSize(3).first().asString().contains("shop.pem", "CN=shop.test");
            time.advance(Duration.ofDays(13));
            assertThat(log.with("expired at")).hasSize(1);
            next.write(pem, key);
            engines.reload();
            time.advance(Duration.ofDays(2));
            assertThat(log.with("expired at")).hasSize(1);
        }
    }

    @Test
    void after_a_close_no_file_is_read() throws IOException {
        WatchedListenerEngines engines = open();
        engines.close();

        next.write(pem, key);
        time.advance(Duration.ofMinutes(1));

        assertThat(shown(engines)).isEqualTo(old.leaf());
    }
}
