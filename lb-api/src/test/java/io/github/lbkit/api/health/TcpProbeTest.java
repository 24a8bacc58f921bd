package io.github.lbkit.api.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.runtime.Runtimes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpProbeTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final List<TcpProbe> probes = new ArrayList<>();
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();
    private final ServerSocket server = open();

    private interface Behaviour {
        void serve(Socket socket) throws IOException;
    }

    private static ServerSocket open() {
        try {
            return new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void closeEverything() throws IOException {
        probes.forEach(TcpProbe::close);
        probes.forEach(TcpProbe::close);
        server.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }

    private void serve(Behaviour behaviour) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            Socket socket = server.accept();
                            accepted.add(socket);
                            behaviour.serve(socket);
                        }
                    } catch (IOException e) {
                        // the test has closed it
                        Thread.currentThread().interrupt();
                    }
                },
                "test-server");
        thread.setDaemon(true);
        thread.start();
    }

    private ProbeResult ask(TcpProbe probe, Duration timeout) throws Exception {
        return ask(probe, Address.of("127.0.0.1", server.getLocalPort()), timeout);
    }

    private ProbeResult ask(TcpProbe probe, Address address, Duration timeout) throws Exception {
        probes.add(probe);
        CompletableFuture<ProbeResult> result =
                probe.probe(new Instance("i", address, 1), timeout).toCompletableFuture();
        return result.get(20, TimeUnit.SECONDS);
    }

    private static TcpProbe connecting() {
        return TcpProbe.connecting(Runtimes.system());
    }

    /** Waits so long that whoever closes at once has done so on any machine. */
    private static TcpProbe staying() {
        return TcpProbe.connecting(Runtimes.system(), LONG.minusMillis(1));
    }

    private static TcpProbe http() {
        return TcpProbe.http(Runtimes.system(), "/heartbeat");
    }

    private static void answer(Socket socket, String... parts) throws IOException {
        byte[] request = new byte[1000];
        assertThat(socket.getInputStream().read(request)).isPositive();
        for (String part : parts) {
            socket.getOutputStream().write(part.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }
    }

    @Test
    void an_open_connection_passes() throws Exception {
        serve(socket -> {});

        assertThat(ask(connecting(), LONG)).isEqualTo(ProbeResult.PASSED);
    }

    @Test
    void a_greeting_passes() throws Exception {
        serve(socket -> socket.getOutputStream().write('+'));

        assertThat(ask(connecting(), LONG).passed()).isTrue();
    }

    @Test
    void a_connection_that_is_closed_at_once_fails() throws Exception {
        serve(Socket::close);

        assertThat(ask(staying(), LONG).passed()).isFalse();
    }

    @Test
    void a_connection_stays_open_for_more_than_nothing() {
        assertThatThrownBy(() -> TcpProbe.connecting(Runtimes.system(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than 0, not PT0S");
    }

    @Test
    void a_connection_that_is_reset_at_once_fails() throws Exception {
        serve(socket -> {
            socket.setSoLinger(true, 0);
            socket.close();
        });

        assertThat(ask(staying(), LONG).passed()).isFalse();
    }

    @Test
    void a_refused_connection_fails_at_once() throws Exception {
        server.close();

        ProbeResult result = ask(connecting(), LONG);

        assertThat(result.passed()).isFalse();
        assertThat(result.detail()).contains("cannot connect to 127.0.0.1:");
    }

    @Test
    void an_unknown_host_fails() throws Exception {
        ProbeResult result = ask(connecting(), Address.of("no-such-host.invalid", 80), LONG);

        assertThat(result.passed()).isFalse();
        assertThat(result.detail()).contains("no-such-host.invalid");
    }

    @Test
    void an_expected_answer_passes_though_it_comes_in_pieces() throws Exception {
        serve(socket -> answer(socket, "HTT", "P/1.", "0 200 OK\r\n\r\n"));

        assertThat(ask(http(), LONG)).isEqualTo(ProbeResult.PASSED);
    }

    @Test
    void the_request_names_path_and_host() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        serve(socket -> {
            byte[] request = new byte[1000];
            int count = socket.getInputStream().read(request);
            seen.complete(new String(request, 0, count, StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        });

        assertThat(ask(http(), LONG).passed()).isTrue();

        assertThat(seen.get(10, TimeUnit.SECONDS))
                .startsWith("GET /heartbeat HTTP/1.0\r\nHost: 127.0.0.1:" + server.getLocalPort() + "\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void a_connection_may_begin_with_bytes_before_the_request() throws Exception {
        byte[] preface = {0, (byte) 0xff, '\r', '\n'};
        CompletableFuture<byte[]> seen = new CompletableFuture<>();
        serve(socket -> {
            seen.complete(socket.getInputStream().readNBytes(preface.length + 4));
            answer(socket, "HTTP/1.1 200 OK\r\n\r\n");
        });

        assertThat(ask(TcpProbe.http(Runtimes.system(), "/heartbeat", preface), LONG))
                .isEqualTo(ProbeResult.PASSED);

        assertThat(seen.get(10, TimeUnit.SECONDS))
                .startsWith(preface)
                .endsWith("GET ".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void another_answer_fails_and_is_quoted() throws Exception {
        serve(socket -> answer(socket, "HTTP/1.1 503\u0001 no"));

        ProbeResult result = ask(http(), LONG);

        assertThat(result.passed()).isFalse();
        assertThat(result.detail()).contains("HTTP/1.1 503");
    }

    @Test
    void an_answer_that_ends_too_early_fails() throws Exception {
        serve(socket -> {
            answer(socket, "HTTP/1.1");
            socket.close();
        });

        assertThat(ask(http(), LONG).passed()).isFalse();
    }

    @Test
    void silence_fails_when_the_time_is_over_and_the_connection_is_closed() throws Exception {
        serve(socket -> {});

        ProbeResult result = ask(http(), Duration.ofMillis(50));

        assertThat(result.passed()).isFalse();
        assertThat(result.detail()).contains("within 50 ms");
        Socket socket = accepted.get(0);
        socket.setSoTimeout(10_000);
        while (socket.getInputStream().read() >= 0) {
            assertThat(socket.isClosed()).isFalse();
        }
    }

    @Test
    void bytes_and_beginnings_may_be_anything() throws Exception {
        serve(socket -> answer(socket, "+PO", "NG\r\n"));

        TcpProbe probe = TcpProbe.exchanging(
                Runtimes.system(), "PING\r\n".getBytes(StandardCharsets.US_ASCII), List.of("-NO", "+PONG"));

        assertThat(ask(probe, LONG).passed()).isTrue();
    }

    @Test
    void many_probes_share_the_threads() throws Exception {
        serve(socket -> {});
        TcpProbe probe = connecting();
        probes.add(probe);
        Instance instance = new Instance("i", Address.of("127.0.0.1", server.getLocalPort()), 1);

        List<CompletableFuture<ProbeResult>> results = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            results.add(probe.probe(instance, LONG).toCompletableFuture());
        }

        for (CompletableFuture<ProbeResult> result : results) {
            assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo(ProbeResult.PASSED);
        }
    }

    @Test
    void wrong_settings_are_refused() {
        assertThatThrownBy(() -> TcpProbe.http(Runtimes.system(), "heartbeat"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TcpProbe.http(Runtimes.system(), "/a b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TcpProbe.exchanging(Runtimes.system(), new byte[0], List.of("x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TcpProbe.exchanging(Runtimes.system(), new byte[1], List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
