package io.github.lbkit.examples.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.examples.testing.RunningBalancer;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The balancer on Unix sockets: both listeners, and a server. */
class UnixListenTest {
    @TempDir
    Path dir;

    private String get(String socket, String target) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(dir.resolve(socket)))) {
            String request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer received = ByteBuffer.allocate(1 << 16);
            while (channel.read(received) >= 0) {
                // until the end
            }
            return new String(received.array(), 0, received.position(), StandardCharsets.US_ASCII);
        }
    }

    private Balancer start() throws IOException {
        return Balancer.start(RunningBalancer.settings(
                dir.resolve("state"),
                "--listen",
                "unix:" + dir.resolve("traffic") + ",mode=600",
                "--admin",
                "unix:" + dir.resolve("admin"),
                "--pool",
                "static:A=unix:" + dir.resolve("admin"))); // the admin listener is a server as good as any
    }

    @Test
    void both_listeners_and_servers_may_be_unix_sockets() throws Exception {
        try (Balancer balancer = start()) {
            assertThat(balancer.awaitReady())
                    .startsWith("lbkit ready on unix:" + dir.resolve("traffic") + ", admin unix:" + dir.resolve("admin")
                            + " (1 server");
            assertThat(get("traffic", "/health")).startsWith("HTTP/1.1 200 ");
            assertThat(get("admin", "/servers")).contains("\"address\":\"unix:" + dir.resolve("admin") + "\"");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("traffic"))))
                    .isEqualTo("rw-------");
            assertThatThrownBy(this::start)
                    .isInstanceOf(IOException.class)
                    .hasMessage("cannot listen on unix:" + dir.resolve("traffic")
                            + ": another process listens on this socket");
        }
        assertThat(dir.resolve("traffic")).doesNotExist();
        assertThat(dir.resolve("admin")).doesNotExist();
    }
}
