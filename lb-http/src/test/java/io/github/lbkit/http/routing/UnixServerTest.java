package io.github.lbkit.http.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.health.Probe;
import io.github.lbkit.api.health.ProbeResult;
import io.github.lbkit.api.health.TcpProbe;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.http.HttpProbe;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.fixture.ProxyFixture;
import io.github.lbkit.http.fixture.RawClient;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of servers that listen on a Unix domain socket. */
class UnixServerTest {
    private static final NameResolver NO_NAMES = host -> {
        throw new AssertionError("the name of a Unix socket was looked up: " + host);
    };
    private static final Runtimes RUNTIMES = Runtimes.system().withNames(NO_NAMES);

    @TempDir
    Path dir;

    private ReverseProxy server;
    private Address address;

    @BeforeEach
    void start() throws Exception {
        Path socket = dir.resolve("server.sock");
        address = Address.unix(socket.toString());
        server = ReverseProxy.builder()
                .listen(UnixDomainSocketAddress.of(socket))
                .loops(1)
                .fallback(1 << 20, request -> {
                    String host = request.head().header("Host").orElse("no host");
                    int status = request.head().path().equals("/fails") ? 500 : 200;
                    byte[] body = (host + " " + request.body().length).getBytes(StandardCharsets.UTF_8);
                    return new LocalResponse(status, List.of(), body);
                })
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void requests_are_forwarded_without_a_look_up_and_their_connections_are_kept() {
        try (ProxyFixture fixture = ProxyFixture.named(b -> b.names(NO_NAMES), address);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").body()).isEqualTo("lb.test 0");
            client.send("POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));
            assertThat(client.read().body()).isEqualTo("b 100000");
            assertThat(fixture.proxy.serverConnections()).isEqualTo(1);
        }
    }

    @Test
    void the_host_of_a_request_without_one_is_localhost() {
        try (ProxyFixture fixture = ProxyFixture.named(b -> b, address);
                RawClient client = fixture.client()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.read().body()).isEqualTo("localhost 0");
        }
    }

    @Test
    void a_request_goes_to_another_server_while_nothing_listens() {
        try (ProxyFixture fixture = ProxyFixture.named(
                        b -> b, Address.unix(dir.resolve("gone.sock").toString()), address);
                RawClient client = fixture.client()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            fixture.awaitOutcomes("s1 failed CONNECT", "s2 succeeded");
        }
    }

    private String verdict(Probe probe, Address of) throws Exception {
        ProbeResult result = probe.probe(new Instance("i", of, 1), Duration.ofSeconds(15))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        return result.passed() ? "passed" : result.detail();
    }

    @Test
    void http_probes_reach_the_server() throws Exception {
        try (HttpProbe probe = HttpProbe.path("/").body("^localhost 0$").build(RUNTIMES);
                HttpProbe failing = HttpProbe.path("/fails").build(RUNTIMES)) {
            assertThat(verdict(probe, address)).isEqualTo("passed");
            assertThat(verdict(failing, address))
                    .isEqualTo(address + "/fails answered with status 500 instead of 200 to 299");
            server.close();
            assertThat(verdict(probe, address)).startsWith("no answer from " + address);
        }
    }

    @Test
    void tcp_probes_reach_the_server() throws Exception {
        byte[] hello = "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (TcpProbe connecting = TcpProbe.connecting(RUNTIMES);
                TcpProbe http = TcpProbe.http(RUNTIMES, "/");
                TcpProbe failing = TcpProbe.http(RUNTIMES, "/fails");
                TcpProbe other = TcpProbe.exchanging(RUNTIMES, hello, List.of("SSH-"))) {
            assertThat(verdict(connecting, address)).isEqualTo("passed");
            assertThat(verdict(http, address)).isEqualTo("passed");
            assertThat(verdict(failing, address)).contains("answered 'HTTP/1.1 500");
            assertThat(verdict(other, address)).contains("answered 'HTTP' instead of one of [SSH-]");
            server.close();
            for (TcpProbe probe : List.of(connecting, http)) {
                assertThat(verdict(probe, address)).startsWith("cannot connect to or read from unix:");
            }
        }
    }
}
