package io.github.lbkit.examples.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The filter of the compose files as a process, before a socket that a test answers. */
class SocketFilterTest {
    private static final Path FILES = Path.of("docker").toAbsolutePath();

    @TempDir
    Path dir;

    private final List<Process> started = new ArrayList<>();
    private int port;

    @BeforeEach
    void needsHaproxy() throws IOException {
        Optional<String> haproxy = Stream.of("/usr/sbin/haproxy", "/usr/bin/haproxy", "/usr/local/sbin/haproxy")
                .filter(file -> Files.isExecutable(Path.of(file)))
                .findFirst();
        Assumptions.assumeTrue(haproxy.isPresent(), "HAProxy is installed");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void end() {
        started.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    /** An engine that answers each request with its name, and keeps a stream of events open. */
    private final class Engine implements AutoCloseable {
        private final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        private final List<SocketChannel> streams = new ArrayList<>();

        Engine(String name) throws IOException {
            Files.deleteIfExists(socket());
            server.bind(UnixDomainSocketAddress.of(socket()));
            Thread thread = new Thread(() -> answer(name));
            thread.setDaemon(true);
            thread.start();
        }

        private void answer(String name) {
            try {
                while (true) {
                    SocketChannel client = server.accept();
                    ByteBuffer head = ByteBuffer.allocate(8192);
                    client.read(head);
                    boolean events = new String(head.array(), StandardCharsets.US_ASCII).contains("/events");
                    String answer = events
                            ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n"
                            : "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + name.length() + "\r\n\r\n"
                                    + name;
                    client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
                    if (events) {
                        streams.add(client);
                    } else {
                        client.close();
                    }
                }
            } catch (IOException closed) {
                // the engine has ended
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            Files.deleteIfExists(socket());
        }
    }

    private Path socket() {
        return dir.resolve("docker.sock");
    }

    private Process filter(String config, String... prefix) throws IOException {
        Path changed = Files.writeString(
                dir.resolve(config),
                Files.readString(FILES.resolve(config)).replace("bind :2375", "bind 127.0.0.1:" + port));
        List<String> command = new ArrayList<>(List.of(prefix));
        command.addAll(List.of("/bin/sh", FILES.resolve("filter.sh").toString(), changed.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile());
        builder.environment().put("ENGINE_SOCKET", socket().toString());
        builder.environment().merge("PATH", "/usr/sbin:/usr/local/sbin", (path, more) -> path + ":" + more);
        Process process = builder.start();
        started.add(process);
        await("the filter listens", () -> {
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
        return process;
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("not within 20 s: " + what).isNegative();
            Thread.onSpinWait();
        }
    }

    private String get(String path) {
        try (Socket socket = open(path)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Socket open(String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: filter\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pool.cfg", "discover.cfg"})
    void a_stop_ends_it_at_once_with_status_0_although_a_stream_is_open(String config) throws Exception {
        try (Engine engine = new Engine("first")) {
            assertThat(engine).isNotNull();
            Process filter = filter(config);
            try (Socket events = open("/v1.41/events")) {
                assertThat(events.getInputStream().read()).isPositive();
                assertThat(get("/info")).contains("403");

                filter.destroy();

                assertThat(filter.waitFor(5, TimeUnit.SECONDS)).isTrue();
                assertThat(filter.exitValue()).isZero();
                assertThat(filter.descendants()).isEmpty();
            }
        }
    }

    @Test
    void an_engine_that_is_started_again_with_another_socket_is_found() throws Exception {
        Engine first = new Engine("first");
        filter("pool.cfg");
        assertThat(get("/_ping")).endsWith("first");

        first.close();
        assertThat(get("/_ping")).contains("503");

        try (Engine second = new Engine("second")) {
            assertThat(second).isNotNull();
            assertThat(get("/_ping")).endsWith("second");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"compose.yaml", "compose.discover.yaml"})
    void the_compose_files_mount_the_directory_of_the_socket_and_restart_each_service(String name) throws Exception {
        String file = Files.readString(FILES.resolve(name));

        assertThat(file).contains("[\"${DEMO_ENGINE_DIR:-/var/run}:/engine").doesNotContain("docker.sock:/");
        assertThat(file.lines().filter(line -> line.matches("    restart: unless-stopped")))
                .hasSameSizeAs(file.lines()
                        .filter(line -> line.matches("    cap_drop: .*"))
                        .toList());
        assertThat(file).doesNotContain("${LBKIT_");
    }
}
