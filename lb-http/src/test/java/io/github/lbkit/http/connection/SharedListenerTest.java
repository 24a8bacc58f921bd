package io.github.lbkit.http.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.LocalResponse;
import io.github.lbkit.http.ReverseProxy;
import io.github.lbkit.http.ReverseProxyBuilder;
import io.github.lbkit.http.fixture.Await;
import io.github.lbkit.http.fixture.RawClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests of proxies over a listening socket that others have opened. */
class SharedListenerTest {
    private ServerSocketChannel listening;

    @BeforeEach
    void open() throws Exception {
        listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws Exception {
        listening.close();
    }

    private ReverseProxy saying(String text) throws Exception {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return ReverseProxy.builder()
                .loops(2)
                .listen(listening)
                .fallback(0, request -> new LocalResponse(200, List.of(), body))
                .start();
    }

    @Test
    void a_stop_leaves_the_socket_open_and_its_connections_to_the_next_proxy() throws Exception {
        try (ReverseProxy first = saying("first");
                RawClient client = RawClient.to(first)) {
            assertThat(client.get("/").body()).isEqualTo("first");
            var stopped = first.stop(Duration.ofSeconds(20)).toCompletableFuture();
            Await.until(
                    "the end is announced",
                    () -> client.get("/").field("Connection").equals(Optional.of("close")));
            stopped.get(20, TimeUnit.SECONDS);

            assertThat(listening.isOpen()).isTrue();
            try (RawClient waiting = RawClient.to(first)) {
                waiting.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                try (ReverseProxy second = saying("second")) {
                    assertThat(waiting.read().body()).isEqualTo("second");
                    assertThat(second.address()).isEqualTo(first.address());
                }
            }
        }
        assertThat(listening.isOpen()).isTrue();
    }

    @Test
    void two_proxies_accept_from_one_socket() throws Exception {
        try (ReverseProxy first = saying("first");
                ReverseProxy second = saying("second");
                RawClient one = RawClient.to(first)) {
            assertThat(one.get("/").body()).isIn("first", "second");
            first.stop(Duration.ZERO).toCompletableFuture().join();
            try (RawClient other = RawClient.to(second)) {
                assertThat(other.get("/").body()).isEqualTo("second");
            }
        }
        try (Socket late = new Socket()) {
            late.connect(listening.getLocalAddress());
            assertThat(late.isConnected()).isTrue();
        }
    }

    @Test
    void a_socket_that_is_not_bound_and_a_closed_one_are_refused() throws Exception {
        ReverseProxyBuilder builder = ReverseProxy.builder();
        try (ServerSocketChannel unbound = ServerSocketChannel.open()) {
            assertThatThrownBy(() -> builder.listen(unbound)).hasMessage("the socket to listen on is not bound");
        }
        listening.close();
        assertThatThrownBy(() -> builder.listen(listening)).hasMessage("the socket to listen on is closed");
    }

    @Test
    void a_port_of_its_own_for_each_loop_is_refused() {
        assertThatThrownBy(() ->
                        ReverseProxy.builder().listen(listening).reusePort(true).start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("reusePort needs an IP address to listen on, not ");
    }
}
