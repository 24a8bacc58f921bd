package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.http.Cidr;
import io.github.lbkit.http.HttpProbe;
import io.github.lbkit.http.KeyExtractor;
import io.github.lbkit.http.ProxyProtocol;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.internal.peer.IpText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of the PROXY protocol with a HAProxy in front and behind. Skipped where HAProxy is not installed. */
class HaproxyTest {
    private static final Path HAPROXY = Path.of("/usr/sbin/haproxy");
    private static final List<Cidr> LOOPBACK = List.of(Cidr.parse("127.0.0.0/8"));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, send-proxy, V1",
        "::1, send-proxy, V2",
        "127.0.0.1, send-proxy-v2, V2",
        "::1, send-proxy-v2, V1",
        "127.0.0.1, send-proxy-v2 proxy-v2-options crc32c, V2",
    })
    void a_client_is_the_same_for_key_and_field_and_server(String address, String sent, ProxyProtocol version)
            throws Exception {
        assumeTrue(Files.isExecutable(HAPROXY), "no HAProxy is installed");
        int front = freePort();
        int back = freePort();
        List<String> keys = new CopyOnWriteArrayList<>();
        KeyExtractor byClient = head -> {
            keys.add(IpText.of(head.clientAddress()));
            return Key.none();
        };
        try (ProxyFixture fixture = ProxyFixture.at(
                b -> b.key(byClient).proxyProtocol(LOOPBACK).sendProxy(version),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), back))) {
            Process haproxy = start(
                    "frontend front",
                    "  bind " + address + ":" + front,
                    "  mode tcp",
                    "  default_backend lbkit",
                    "backend lbkit",
                    "  mode tcp",
                    "  server s1 127.0.0.1:" + fixture.proxy.address().getPort() + " " + sent,
                    "frontend back",
                    "  mode http",
                    "  bind 127.0.0.1:" + back + " accept-proxy",
                    "  http-request return status 200 content-type text/plain"
                            + " lf-string \"%ci %cp %fi %fp %[req.hdr(x-forwarded-for)]\"");
            try (Socket client = connect(address, front)) {
                for (int i = 0; i < 2; i++) {
                    assertThat(get(client))
                            .isEqualTo(address + " " + client.getLocalPort() + " " + address + " " + front + " "
                                    + address);
                }
                assertThat(keys).containsExactly(address, address);
                assertThat(fixture.proxy.serverConnections()).isEqualTo(1);

                try (HttpProbe probe = HttpProbe.path("/").sendProxy(version).build(Runtimes.system())) {
                    Instance server = new Instance("i", Address.of("127.0.0.1", back), 1);
                    assertThat(probe.probe(server, Duration.ofSeconds(10))
                                    .toCompletableFuture()
                                    .get(20, TimeUnit.SECONDS)
                                    .passed())
                            .isTrue();
                }
                assertThat(fixture.proxy.refusedProxyHeaders()).isZero();
            } finally {
                haproxy.destroy();
                haproxy.waitFor();
            }
        }
    }

    private Process start(String... lines) throws IOException {
        List<String> config = new ArrayList<>(
                List.of("defaults", "  timeout connect 5s", "  timeout client 5s", "  timeout server 5s"));
        config.addAll(List.of(lines));
        Path file = Files.write(folder.resolve("haproxy.cfg"), config);
        return new ProcessBuilder(HAPROXY.toString(), "-db", "-f", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("haproxy.log").toFile())
                .start();
    }

    /** Connects as soon as HAProxy listens. */
    private static Socket connect(String address, int port) {
        List<Socket> connected = new ArrayList<>();
        Await.until("HAProxy listens", () -> {
            try {
                connected.add(new Socket(address, port));
                return true;
            } catch (IOException e) {
                return false;
            }
        });
        return connected.get(0);
    }

    private static String get(Socket client) throws IOException {
        client.setSoTimeout(20_000);
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder response = new StringBuilder();
        while (!response.toString().endsWith("\r\n\r\n")) {
            int next = client.getInputStream().read();
            assertThat(next).as(response.toString()).isNotNegative();
            response.append((char) next);
        }
        String length = response.toString().replaceFirst("(?s).*content-length: ([0-9]+)\r\n.*", "$1");
        return new String(client.getInputStream().readNBytes(Integer.parseInt(length)), StandardCharsets.US_ASCII);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
