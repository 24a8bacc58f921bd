package io.github.lbkit.examples.serve.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.examples.testing.RunningBalancer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolNameTest {
    @TempDir
    Path state;

    @Property(tries = 300)
    void each_default_name_may_be_a_name_and_is_the_same_again(
            @ForAll String host, @ForAll String address, @ForAll @IntRange(min = 1, max = 65_535) int port) {
        String name = PoolName.of(host, new TcpListen(address, port));

        assertThat(PoolName.isAllowed(name)).as(name).isTrue();
        assertThat(name).isEqualTo(PoolName.of(host, new TcpListen(address, port)));
    }

    @Test
    void balancers_that_differ_by_host_address_or_port_have_different_pools() {
        Set<String> names = new HashSet<>();
        List<String> hosts =
                List.of("a", "a-b", "a_b", "web-7d9c5b6f8d-abcde", "web-7d9c5b6f8d-abcdf", "long.example.org.internal");
        List<String> addresses = List.of("127.0.0.1", "0.0.0.0", "::", "::1", "fe80::1", "fe80::2", "10.1.2.3");
        for (String host : hosts) {
            for (String address : addresses) {
                for (int port : new int[] {80, 7432}) {
                    names.add(PoolName.of(host, new TcpListen(address, port)));
                }
            }
        }

        assertThat(names).hasSize(hosts.size() * addresses.size() * 2);
        assertThat(PoolName.of("web", new TcpListen("127.0.0.1", 7432))).isEqualTo("lbkit-web-127.0.0.1-7432");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                ".a",
                "a b",
                "a/b",
                "ä",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void a_name_that_is_not_allowed_is_refused_with_what_is(String name) {
        assertThatThrownBy(() ->
                        RunningBalancer.settings(state, "--pool-name", name).check())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--pool-name '" + name + "'")
                .hasMessageContaining("1 to 63");
    }

    @Test
    void the_refusal_of_a_second_owner_names_the_pool_and_the_option() throws Exception {
        try (RunningBalancer first = new RunningBalancer(state, "--servers", "1", "--pool-name", "mine")) {
            assertThat(first.balancer.loadBalancer().pool().name()).isEqualTo("mine");

            assertThatThrownBy(() -> new RunningBalancer(state, "--servers", "1", "--pool-name", "mine"))
                    .hasMessageContaining("has an owner")
                    .hasMessageContaining("--pool-name");
        }
    }
}
