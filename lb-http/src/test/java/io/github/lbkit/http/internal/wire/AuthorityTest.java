package io.github.lbkit.http.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "example.org",
                "example.org.",
                "example.org:80",
                "example.org:",
                "a_b-c~d",
                "a%20b",
                "a!$&'()*+,;=b",
                "127.0.0.1:65535",
                "1.2.3",
                "[::]",
                "[::1]",
                "[::1]:80",
                "[1::]",
                "[1:2:3:4:5:6:7:8]",
                "[1:2:3:4:5:6:7::]",
                "[::2:3:4:5:6:7:8]",
                "[fe80::ABCD:0001]",
                "[::ffff:1.2.3.4]:1",
                "[1:2:3:4:5:6:255.255.255.255]",
            })
    void a_host_and_a_port_are_valid(String authority) {
        assertThat(isValid(authority)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":80",
                "a:80:80",
                "a:8o",
                "a:+80",
                "a:65536",
                "a:99999999999",
                "a b",
                "a/b",
                "a?b",
                "a#b",
                "a\\b",
                "u@a",
                "u:p@a",
                "a%",
                "a%2",
                "a%2g",
                "<a>",
                "\"a\"",
                "a\u00e9",
                "a\tb",
                "::1",
                "[",
                "[]",
                "[]:80",
                "[:]",
                "[1]",
                "[1:",
                "[1:]",
                "[:1]",
                "[:::]",
                "[1::2::3]",
                "[1:2:3:4:5:6:7]",
                "[1:2:3:4:5:6:7:8:9]",
                "[1:2:3:4::5:6:7:8]",
                "[12345::]",
                "[g::]",
                "[::1",
                "[::1]a",
                "[::1]:x",
                "[::1%25eth0]",
                "[v1.a]",
                "[::1.2.3]",
                "[::1.2.3.256]",
                "[::1.2.3.4.5]",
                "[1.2.3.4]",
                "[::1.2.3.4:1]",
                "[1:2:3:4:5:6:7:1.2.3.4]",
            })
    void anything_else_is_not(String authority) {
        assertThat(isValid(authority)).isFalse();
    }

    @Property(tries = 2000)
    void a_valid_ipv6_literal_is_one_to_java_too(@ForAll("literals") String literal) {
        if (isValid("[" + literal + "]")) {
            assertThat(javaReads("[" + literal + "]")).isTrue();
        }
    }

    @Property(tries = 500)
    void an_address_in_the_form_of_java_is_a_valid_literal(@ForAll @Size(16) byte[] address)
            throws UnknownHostException {
        assertThat(isValid("[" + InetAddress.getByAddress(address).getHostAddress() + "]"))
                .isEqualTo(InetAddress.getByAddress(address) instanceof Inet6Address);
    }

    @Provide
    Arbitrary<String> literals() {
        return Arbitraries.of("1", "ab", "0", "12ab", "12abc", ":", ":", ":", "::", "1.2.3.4")
                .list()
                .ofMinSize(1)
                .ofMaxSize(16)
                .map(parts -> String.join("", parts));
    }

    private static boolean javaReads(String literal) {
        try {
            return InetAddress.getAllByName(literal).length > 0;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isValid(String authority) {
        byte[] bytes = Messages.bytes("x" + authority + ":9]");
        return Authority.isValid(bytes, 1, 1 + authority.length());
    }
}
