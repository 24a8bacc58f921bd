package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.Cidr;
import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.fixture.UnixClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of proxies that listen on a Unix domain socket. */
class UnixListenerTest {
    private static final Duration AT_ONCE = Duration.ZERO;

    @TempDir
    Path dir;

    private static ReverseProxyBuilder saying(String text) {
        return ReverseProxy.builder().loops(1).fallback(0, request -> {
            String body = text + " " + request.head().clientAddress().getHostAddress();
            return new LocalResponse(200, List.of(), body.getBytes(StandardCharsets.UTF_8));
        });
    }

    private UnixDomainSocketAddress socket() {
        return UnixDomainSocketAddress.of(dir.resolve("http.sock"));
    }

    private String answer() throws IOException {
        try (UnixClient client = UnixClient.to(socket())) {
            return client.get("/");
        }
    }

    @Test
    void requests_are_answered_and_the_client_address_is_127_0_0_1() throws Exception {
        try (ReverseProxy proxy = saying("hello").listen(socket()).start()) {
            assertThat(answer()).startsWith("HTTP/1.1 200 ").endsWith("hello 127.0.0.1");
            assertThat(proxy.socketAddress()).isEqualTo(socket());
            assertThatThrownBy(proxy::address)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("sock");
        }
    }

    @Test
    void a_peer_is_a_trusted_proxy_where_127_0_0_1_is() throws Exception {
        ReverseProxyBuilder trusting = saying("hello").trustedProxies(List.of(Cidr.parse("127.0.0.1/32")));
        try (ReverseProxy proxy = trusting.listen(socket()).start();
                UnixClient client = UnixClient.to(proxy.socketAddress())) {
            assertThat(client.get("/", "X-Forwarded-For: 203.0.113.7")).endsWith("hello 203.0.113.7");
        }
    }

    @Test
    void the_file_is_removed_at_the_stop_but_not_if_another_process_has_replaced_it() throws Exception {
        try (ReverseProxy proxy = saying("a").listen(socket()).start()) {
            proxy.stop(AT_ONCE).toCompletableFuture().join();
            assertThat(socket().getPath()).doesNotExist();
        }
        try (ReverseProxy first = saying("a").listen(socket()).start()) {
            Files.delete(socket().getPath());
            try (ReverseProxy second = saying("b").listen(socket()).start()) {
                first.stop(AT_ONCE).toCompletableFuture().join();
                assertThat(answer()).endsWith("b 127.0.0.1");
                assertThat(second.socketAddress()).isEqualTo(socket());
            }
        }
        assertThat(socket().getPath()).doesNotExist();
    }

    @Test
    void a_file_that_a_killed_process_left_is_replaced() throws Exception {
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(socket()).close();
        assertThat(socket().getPath()).exists();

        try (ReverseProxy proxy = saying("new").listen(socket()).start()) {
            assertThat(answer()).endsWith("new 127.0.0.1");
            assertThat(proxy.socketAddress()).isEqualTo(socket());
        }
    }

    @Test
    void a_socket_that_is_in_use_and_a_file_that_is_no_socket_are_refused() throws Exception {
        try (ReverseProxy first = saying("first").listen(socket()).start()) {
            assertThatThrownBy(() -> saying("second").listen(socket()).start())
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot listen on unix:" + first.socketAddress()
                            + ": another process listens on this socket");
            assertThat(answer()).endsWith("first 127.0.0.1");
        }
        Files.writeString(socket().getPath(), "data");
        assertThatThrownBy(() -> saying("second").listen(socket()).start())
                .hasMessageEndingWith("a file with this path exists and is not a socket");
        assertThat(socket().getPath()).hasContent("data");
    }

    @Test
    void permissions_are_set() throws Exception {
        ReverseProxyBuilder builder = saying("a").socketPermissions(PosixFilePermissions.fromString("rw-rw----"));
        try (ReverseProxy proxy = builder.listen(socket()).start()) {
            assertThat(proxy.socketAddress()).isEqualTo(socket());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket().getPath())))
                    .isEqualTo("rw-rw----");
        }
        assertThatThrownBy(() -> builder.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("socketPermissions need a Unix socket");
    }

    @ParameterizedTest
    @ValueSource(strings = {"relative.sock", "/with blank", "/long"})
    void a_path_that_the_system_does_not_allow_is_refused_by_name(String path) {
        String tried = path.equals("/long") ? "/" + "x".repeat(106) : path;

        assertThatThrownBy(() -> ReverseProxy.builder().listen(UnixDomainSocketAddress.of(tried)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("path '" + tried + "' of a Unix socket")
                .hasMessageContaining("at most 106 bytes");
    }
}
