package io.github.lbkit.api.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Server;
import java.util.List;
import org.junit.jupiter.api.Test;

class StaticPoolTest {
    private static List<Address> addresses(StaticPool pool) {
        return pool.membership().servers().stream()
                .map(server -> server.instance().orElseThrow().address())
                .toList();
    }

    @Test
    void one_line_makes_a_pool_of_urls() {
        try (StaticPool pool = StaticPool.of("orders", "http://10.0.0.1:8080", "S2=10.0.0.2;weight=3")) {
            assertThat(pool.name()).isEqualTo("orders");
            assertThat(pool.membership().version()).isEqualTo(1);
            assertThat(pool.membership().servers()).extracting(Server::id).containsExactly("10.0.0.1:8080", "S2");
            assertThat(pool.membership().servers()).extracting(Server::weight).containsExactly(1, 3);
            assertThat(addresses(pool)).containsExactly(Address.of("10.0.0.1", 8080), Address.of("10.0.0.2", 80));
        }
    }

    @Test
    void any_scheme_is_taken_with_a_port() {
        try (StaticPool pool = StaticPool.of("mail", "SMTP://mail.example:25", "https://[2001:db8::1]")) {
            assertThat(addresses(pool)).extracting(Address::scheme).containsExactlyInAnyOrder("smtp", "https");
            assertThat(addresses(pool)).extracting(Address::port).containsExactlyInAnyOrder(25, 443);
        }
    }

    @Test
    void a_scheme_without_a_default_port_needs_a_port() {
        assertThatThrownBy(() -> StaticPool.of("mail", "smtp://mail.example"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'smtp://mail.example' has no port; only http and https have a default port");
    }

    @Test
    void a_pool_without_servers_is_refused() {
        assertThatThrownBy(() -> StaticPool.of("orders"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("static pool orders has no server");
    }

    @Test
    void a_file_takes_any_scheme() {
        assertThat(ServerLines.parse("f", "S1 mail.example:25 scheme=smtp"))
                .singleElement()
                .satisfies(server -> assertThat(server.address().scheme()).isEqualTo("smtp"));
    }
}
