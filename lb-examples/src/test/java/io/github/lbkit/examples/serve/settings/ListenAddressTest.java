package io.github.lbkit.examples.serve.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of the addresses of listeners. */
class ListenAddressTest {
    @Test
    void a_unix_socket_is_a_path_with_or_without_a_mode() {
        assertThat(ListenAddress.parse("--listen", "unix:/run/lb.sock"))
                .isEqualTo(new UnixListen("/run/lb.sock", Optional.empty()));
        assertThat(ListenAddress.parse("--admin", "unix:/run/lb.sock,mode=660"))
                .isEqualTo(new UnixListen("/run/lb.sock", Optional.of(PosixFilePermissions.fromString("rw-rw----"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"unix:", "unix:relative", "unix:/a,mode=9", "unix:/a,mode=0660", "unix:/a,owner=x", "unix:/a b"})
    void a_unix_socket_that_is_not_allowed_is_refused_with_what_is(String value) {
        assertThatThrownBy(() -> ListenAddress.parse("--listen", value))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("'" + value + "'")
                .hasMessageContaining("unix:/path[,mode=660]")
                .hasMessageContaining("106 bytes");
    }

    @Test
    void an_inherited_socket_must_be_the_standard_input() {
        assertThatThrownBy(() -> ListenAddress.parse("--listen", "inherited"))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("a listening socket as standard input");
    }

    @Test
    void the_admin_listener_is_never_inherited() {
        assertThatThrownBy(() -> ListenAddress.parse("--admin", "inherited"))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("unix:/path")
                .hasMessageNotContaining("or inherited");
    }

    @Test
    void a_pool_of_a_balancer_on_a_unix_socket_has_a_name_of_its_own() {
        ListenAddress one = ListenAddress.parse("--listen", "unix:/run/one.sock");
        ListenAddress two = ListenAddress.parse("--listen", "unix:/run/two.sock");

        assertThat(PoolName.of("web", one)).startsWith("lbkit-web-").endsWith("-unix");
        assertThat(PoolName.of("web", one)).isNotEqualTo(PoolName.of("web", two));
        assertThat(PoolName.isAllowed(PoolName.of("web", one))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"unix:/run/lb.sock, true", "127.0.0.1:80, true", "[::1]:80, true", "0.0.0.0:80, false"})
    void only_loopback_and_unix_sockets_are_local(String value, boolean local) {
        assertThat(ListenAddress.parse("--listen", value).isLocal("--listen")).isEqualTo(local);
    }

    @Test
    void a_takeover_needs_an_inherited_socket() {
        ServeSettings settings = ServeSettings.of(List.of("--takeover-timeout", "1000"));

        assertThatThrownBy(settings::check)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--takeover-timeout needs --listen inherited");
    }
}
