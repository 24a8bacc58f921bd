package io.github.lbkit.docker.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.real.NeedsPrivateEngine;
import io.github.lbkit.docker.real.PrivateEngine;
import io.github.lbkit.testkit.Await;
import io.github.lbkit.testkit.docker.FakeEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls to an engine over TCP, with TLS and without. */
@NeedsPrivateEngine
class EngineOverTcpTest {
    private static final String NEW_KEY = "openssl req -newkey rsa:2048 -nodes -days 1 -keyout ";

    @TempDir
    private Path directory;

    private static Engine connect(String uri, Optional<Path> certificates) {
        EngineAddress plain = EngineAddress.of(uri);
        return Engine.open(new EngineAddress(plain.uri(), certificates, true), Runtimes.system(), "tcp");
    }

    @Test
    void a_frozen_engine_is_not_waited_for_beyond_the_deadline() {
        try (FakeEngine fake = FakeEngine.builder().tcp().start();
                Engine engine = connect(fake.tcpHost(), Optional.empty())) {
            assertThat(engine.apiVersion()).isEqualTo("1.41");

            fake.faults().freeze();
            EngineCall call = EngineCall.get("/info").withTimeout(Duration.ofMillis(300));

            assertThatThrownBy(() -> Await.inRealTime().value(engine.run(() -> engine.ask(call))))
                    .isInstanceOf(EngineException.class);
            fake.faults().thaw();
            assertThat(engine.ask(EngineCall.get("/info")).isPresent()).isTrue();
        }
    }

    @Test
    void an_engine_that_wants_certificates_gets_them_and_must_show_its_own() throws IOException {
        Path keys = Files.createDirectory(directory.resolve("keys"));
        openssl(NEW_KEY + "authority.key -x509 -out ca.pem -subj /CN=authority", keys);
        certificate("server", "subjectAltName=IP:127.0.0.1", keys);
        certificate("client", "extendedKeyUsage=clientAuth", keys);
        Files.copy(keys.resolve("client.pem"), keys.resolve("cert.pem"));
        Files.copy(keys.resolve("client.key"), keys.resolve("key.pem"));
        int port = freePort();
        try (PrivateEngine engine = PrivateEngine.start(
                "--host=tcp://127.0.0.1:" + port,
                "--tlsverify",
                "--tlscacert=" + keys.resolve("ca.pem"),
                "--tlscert=" + keys.resolve("server.pem"),
                "--tlskey=" + keys.resolve("server.key"))) {
            String uri = "tcp://127.0.0.1:" + port;
            assertThat(version(uri, keys)).matches("1\\.\\d+");

            openssl("openssl rsa -traditional -in client.key -out key.pem", keys);
            assertThat(Files.readString(keys.resolve("key.pem"))).contains("BEGIN RSA PRIVATE KEY");
            assertThat(version(uri, keys)).matches("1\\.\\d+");

            Path others = Files.createDirectory(directory.resolve("others"));
            openssl(NEW_KEY + "authority.key -x509 -out ca.pem -subj /CN=another", others);
            assertThatThrownBy(() -> version(uri, others)).isInstanceOf(EngineException.NoPermission.class);
            assertThat(engine.address()).startsWith("unix://");
        }
    }

    private static String version(String uri, Path certificates) {
        try (Engine engine = connect(uri, Optional.of(certificates))) {
            return engine.apiVersion();
        }
    }

    private static void certificate(String name, String extension, Path keys) throws IOException {
        Files.writeString(keys.resolve(name + ".ext"), extension);
        openssl(
                "openssl req -newkey rsa:2048 -nodes -keyout " + name + ".key -out " + name + ".csr -subj /CN=" + name,
                keys);
        openssl(
                "openssl x509 -req -days 1 -CA ca.pem -CAkey authority.key -CAcreateserial -in " + name
                        + ".csr -extfile " + name + ".ext -out " + name + ".pem",
                keys);
    }

    private static void openssl(String command, Path directory) throws IOException {
        Process process = new ProcessBuilder(command.split(" ", -1))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Await.inRealTime().until(command, () -> !process.isAlive());
        assertThat(process.exitValue()).as(output).isZero();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
