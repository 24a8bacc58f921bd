package io.github.lbkit.examples.serve.endpoint.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.examples.testing.RawHttp;
import io.github.lbkit.examples.testing.RunningBalancer;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask the admin listener what, where the balancer has a token. */
class AdminTokenTest {
    private static final String[] READS = {
        "/ring",
        "/servers",
        "/servers/nobody",
        "/explain?key=1",
        "/plan",
        "/keyspace",
        "/metrics",
        "/events",
        "/rep",
        "/performancegraph",
        "/rollout",
        "/nothing",
        "/health/",
        "/HEALTH",
        "//health",
        "/dashboard/nothing"
    };

    @TempDir
    Path dir;

    @SuppressWarnings("NullAway.Init") // each test begins with one
    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = Files.writeString(dir.resolve("token"), "first\n");
    }

    @SuppressWarnings("NullAway.Init") // each test begins by starting one
    private RunningBalancer running;

    private RunningBalancer start(String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "--pool",
                "static:http://127.0.0.1:9",
                "--reserved-paths",
                "on",
                "--admin-token-file",
                file.toString()));
        all.addAll(List.of(more));
        running = new RunningBalancer(dir.resolve("state"), all.toArray(String[]::new));
        return running;
    }

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    private int status(String token, String path) {
        try {
            return RawHttp.send(running.admin, "GET", path, "", "Authorization: Bearer " + token)
                    .status();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void each_read_of_the_admin_listener_needs_the_token() throws Exception {
        start();

        for (String path : READS) {
            assertThat(RawHttp.get(running.admin, path).status()).as(path).isEqualTo(401);
            assertThat(RawHttp.send(running.admin, "HEAD", path, "").status())
                    .as(path)
                    .isEqualTo(401);
            assertThat(status("firs", path)).as(path).isEqualTo(401);
        }
        assertThat(status("first", "/ring")).isEqualTo(200);
        assertThat(status("first", "/nothing")).isEqualTo(404);
    }

    @Test
    void probes_and_the_dashboards_own_files_need_none() throws Exception {
        start();

        for (String path : List.of("/health", "/ready", "/dashboard", "/dashboard/main.js", "/dashboard/token.js")) {
            assertThat(RawHttp.get(running.admin, path).status()).as(path).isEqualTo(200);
        }
        assertThat(RawHttp.get(running.admin, "/").status()).isEqualTo(302);
        assertThat(RawHttp.send(running.admin, "POST", "/health", "").status()).isEqualTo(401);
    }

    @Test
    void the_traffic_listener_asks_for_it_where_something_would_change() throws Exception {
        start();

        assertThat(running.get("/rep").status()).isEqualTo(200);
        assertThat(RawHttp.send(running.traffic, "POST", "/add", "").status()).isEqualTo(401);
        assertThat(RawHttp.send(running.traffic, "DELETE", "/rm", "").status()).isEqualTo(401);
    }

    @Test
    void open_reads_are_open_and_changes_are_not() throws Exception {
        start("--admin-open-reads");

        assertThat(RawHttp.get(running.admin, "/ring").status()).isEqualTo(200);
        assertThat(RawHttp.send(running.admin, "POST", "/add", "").status()).isEqualTo(401);
        assertThatThrownBy(() -> new RunningBalancer(
                        dir.resolve("other"), "--pool", "static:http://127.0.0.1:9", "--admin-open-reads"))
                .hasMessageContaining("--admin-token-file");
    }

    @Test
    void a_new_token_in_the_file_counts_without_a_restart() throws Exception {
        start();

        Path next = Files.writeString(dir.resolve("next"), "second");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        RunningBalancer.await("the second token counts", () -> status("second", "/ring") == 200);
        assertThat(status("first", "/ring")).isEqualTo(401);
    }

    @Test
    void the_names_of_loopback_are_taken_from_this_machine_alone() throws Exception {
        Optional<InetAddress> own = Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                .flatMap(card -> Collections.list(card.getInetAddresses()).stream())
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
        Assumptions.assumeTrue(own.isPresent(), "this machine has an address besides loopback");
        start("--admin", "0.0.0.0:0", "--host-names", "lb.example");
        InetSocketAddress outside = new InetSocketAddress(own.orElseThrow(), running.admin.getPort());
        InetSocketAddress inside = new InetSocketAddress(InetAddress.getLoopbackAddress(), running.admin.getPort());

        for (String name : List.of("localhost", "127.0.0.1:7433", "[::1]")) {
            assertThat(health(outside, name)).as(name).isEqualTo(403);
            assertThat(health(inside, name)).as(name).isEqualTo(200);
        }
        assertThat(health(outside, "lb.example")).isEqualTo(200);
    }

    private static int health(InetSocketAddress address, String host) throws Exception {
        return RawHttp.send(address, "GET", "/health", "", "Host: " + host).status();
    }
}
