package io.github.lbkit.api.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostSyntaxTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "h",
                "localhost",
                "shop.internal",
                "shop.internal.",
                "3com.example",
                "xn--bcher-kva.example",
                "web_1",
                "shop_web.1.k3f0zq",
                "_http._tcp.shop",
                "10.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "2001:db8::2",
                "1:2:3:4:5:6:7:8",
                "1::8",
                "1:2:3:4:5:6:7::",
                "::ffff:10.0.0.1",
                "64:ff9b::192.0.2.33",
                "fe80::1%eth0",
                "fe80:0:0:0:0:0:0:1%2"
            })
    void a_host_is_taken(String host) {
        assertThat(Address.of(host, 80).host()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "a b",
                "a_b!c",
                "a..b",
                ".a",
                "-a",
                "a-",
                "a.-b",
                "a/b",
                "[::1]",
                "zz::1",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "12345::1",
                "::1%",
                "::1%a b",
                "::10.0.0",
                "10.0.0.1::",
                "1.2.3",
                "1.2.3.4.5",
                "256.1.1.1",
                "01.2.3.4",
                "1.2.3.4.",
                "80",
                "a.80",
                "bücher.example",
                "a@b",
                "a\u0000",
                "\uFEFFa",
                "a\u200bb"
            })
    void an_invalid_host_is_refused_with_the_allowed_form(String host) {
        assertThatThrownBy(() -> Address.of(host, 80))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("host '")
                .hasMessageEndingWith("is not " + HostSyntax.ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64})
    void a_label_has_63_characters_at_most(int length) {
        assertThat(HostSyntax.isHost("a".repeat(length) + ".example")).isEqualTo(length == 63);
    }

    @Property(tries = 500)
    void every_address_that_the_platform_writes_is_taken(@ForAll @Size(16) byte[] bytes, @ForAll boolean six)
            throws UnknownHostException {
        byte[] address = six ? bytes : java.util.Arrays.copyOf(bytes, 4);

        assertThat(HostSyntax.isHost(InetAddress.getByAddress(address).getHostAddress()))
                .isTrue();
    }
}
