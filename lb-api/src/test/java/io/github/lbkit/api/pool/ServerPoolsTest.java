package io.github.lbkit.api.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.internal.pool.provider.StaticPoolProvider;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerPoolsTest {
    @TempDir
    Path directory = Path.of("unset");

    private PoolContext context() {
        return new PoolContext("p", Runtimes.system(), directory);
    }

    private List<Server> servers(String uri) {
        try (ServerPool pool = ServerPools.installed().open(uri, context())) {
            return pool.membership().servers();
        }
    }

    @Test
    void an_unknown_scheme_is_refused_with_the_known_schemes() {
        assertThatThrownBy(() -> servers("nonsense:x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'nonsense'")
                .hasMessageContaining("static: [NAME=]URL")
                .hasMessageContaining("process: a command line");
    }

    @Test
    void an_option_that_the_provider_does_not_know_is_refused_with_those_it_knows() {
        assertThatThrownBy(() -> servers("process:cat {port}?serverz=3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'serverz'")
                .hasMessageContaining("drain-seconds, liveness-failures");
        assertThatThrownBy(() -> servers("static:a:1?weight=3")).hasMessageContaining("no option 'weight'");
    }

    @Test
    void a_provider_that_cannot_be_loaded_stops_no_other() throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve("io.github.lbkit.api.pool.spi.ServerPoolProvider"), "no.such.Provider\n");
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        try (URLClassLoader broken =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(broken);
            assertThat(ServerPools.installed().usages()).containsKeys("static", "process");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void providers_may_be_named_instead_of_found() {
        ServerPools pools = ServerPools.of(List.of(new StaticPoolProvider()));

        assertThat(pools.usages()).containsOnlyKeys("static");
    }

    @Test
    void static_servers_are_ready_from_the_start() {
        List<Server> servers = servers(
                "static:S2=http://10.0.0.2:8080;weight=3,https://example.org,[::1]:81, localhost:80/,d=c:1;weight=0");

        assertThat(servers)
                .extracting(Server::id)
                .containsExactly("S2", "[::1]:81", "d", "example.org:443", "localhost:80");
        assertThat(servers).allMatch(server -> server.state() == Server.State.READY);
        assertThat(servers).extracting(Server::weight).containsExactly(3, 1, 0, 1, 1);
        assertThat(servers)
                .extracting(server -> server.instance().orElseThrow().address())
                .containsExactly(
                        Address.of("10.0.0.2", 8080),
                        Address.of("::1", 81),
                        Address.of("c", 1),
                        new Address("example.org", 443, Map.of(Address.SCHEME, "https")),
                        Address.of("localhost", 80));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "static:",
                "static:  ",
                "static",
                "static:a:1,",
                "static:a:0",
                "static:a:70000",
                "static:ftp://a",
                "static:http://a:1/path",
                "static:http://u@a:1",
                "static:a:1;weight=x",
                "static:a:1;weight=-1",
                "static:a:1;weight=1000001",
                "static:a:1;wait=1",
                "static: x =a:1",
                "static:a/b=a:1",
                "static:a:1,a:1",
                "static:S1=a:1,S1=b:1",
                "static:http://",
                "static:a b:1"
            })
    void a_wrong_list_of_servers_is_refused(String uri) {
        assertThatThrownBy(() -> servers(uri)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "process:                              | names no command",
                "process:cat                           | put {port} into the command",
                "process:cat 'x {port}                 | open '",
                "process:cat {port}?servers=x          | 'x' is not a number from 0 to 128",
                "process:cat {port}?servers=9&max-servers=8 | 'servers'",
                "process:cat {port}?max-servers=0      | 'max-servers'",
                "process:cat {port}?on-exit=wait       | 'wait' is not stop or keep",
                "process:cat {port}?ready-seconds=0    | 'ready-seconds'",
                "process:cat {port}?probe-path=x       | probe path 'x'",
                "process:cat {port}?probe-path=/x&probe-proxy=v3 | option 'probe-proxy' is 'v3', and not v1 or v2",
                "process:cat {port}?ready-line=(       | not a regular expression",
                "process:cat?ready-line=up             | put {port} into the command"
            })
    void a_wrong_process_pool_is_refused_and_leaves_no_lock(String uri, String why) {
        assertThatThrownBy(() -> servers(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);

        ServerPool pool = ServerPools.installed().open("process:cat {port}?servers=0", context());
        pool.close();
    }
}
