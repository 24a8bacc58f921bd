package io.github.lbkit.http.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.http.ListenerTls;
import io.github.lbkit.http.TlsCertificate;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.TestTls;
import io.github.lbkit.testkit.ScriptedServer;
import io.github.lbkit.testkit.ServerScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of many handshakes at once, and of a certificate that is replaced meanwhile. */
class ManyHandshakesTest {
    private static final ServerScript OK = ServerScript.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    private static final int CLIENTS = 24;

    @Test
    void more_handshakes_than_may_begin_wait_for_each_other() throws Exception {
        ListenerTls one =
                TestTls.listener().maxHandshakes(1).handshakeThreads(1).build();
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(b -> b.tls(one).loops(2), server)) {
            assertThat(inParallel(() -> ask(fixture, TestTls.AUTHORITY.context())))
                    .doesNotContainNull();

            assertThat(fixture.proxy.failedHandshakes()).isZero();
        }
    }

    @Test
    void a_certificate_that_is_replaced_under_load_fails_no_request(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("proxy.pem");
        TestTls.CERTIFICATE.write(file);
        Certificate second;
        ListenerTls tls = ListenerTls.builder(TlsCertificate.of(file))
                .reloadInterval(Duration.ofMillis(5))
                .build();
        Set<Certificate> shown = ConcurrentHashMap.newKeySet();
        AtomicBoolean replaced = new AtomicBoolean();
        AtomicInteger after = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.start(OK);
                ProxyFixture fixture = ProxyFixture.over(b -> b.tls(tls), server)) {
            try (SSLSocket old = open(fixture, TestTls.TRUSTING)) {
                var other = TestTls.AUTHORITY.leaf("localhost").issue();
                second = other.leaf();
                ExecutorService threads = Executors.newFixedThreadPool(2);
                List<Future<?>> loads = new ArrayList<>();
                for (int i = 0; i < 2; i++) {
                    loads.add(threads.submit(() -> {
                        while (!replaced.get() || after.getAndIncrement() < 10) {
                            Certificate leaf = ask(fixture, TestTls.AUTHORITY.context());
                            shown.add(leaf);
                            replaced.compareAndSet(false, leaf.equals(second));
                        }
                        return true;
                    }));
                }
                Path next = other.write(directory.resolve("next.pem"));
                Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                for (Future<?> load : loads) {
                    assertThat(load.get()).isEqualTo(true);
                }
                threads.shutdown();

                assertThat(request(old)).isEqualTo("HTTP/1.1 200 OK"); // begun with the certificate before
            }
            assertThat(shown).contains(second);
            assertThat(fixture.proxy.failedHandshakes()).isZero();
        }
    }

    private static List<Certificate> inParallel(java.util.concurrent.Callable<Certificate> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        List<Future<Certificate>> all = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            all.add(threads.submit(work));
        }
        List<Certificate> results = new ArrayList<>();
        for (Future<Certificate> each : all) {
            results.add(each.get());
        }
        threads.shutdown();
        return results;
    }

    private static Certificate ask(ProxyFixture fixture, SSLContext context) {
        try (SSLSocket client = open(fixture, context)) {
            assertThat(request(client)).isEqualTo("HTTP/1.1 200 OK");
            return client.getSession().getPeerCertificates()[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SSLSocket open(ProxyFixture fixture, SSLContext context) throws IOException {
        SSLSocket client = (SSLSocket) context.getSocketFactory()
                .createSocket(
                        fixture.proxy.address().getAddress(),
                        fixture.proxy.address().getPort());
        client.setSoTimeout(20_000);
        client.startHandshake();
        return client;
    }

    private static String request(SSLSocket client) throws IOException {
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return new String(client.getInputStream().readNBytes(15), StandardCharsets.US_ASCII);
    }
}
