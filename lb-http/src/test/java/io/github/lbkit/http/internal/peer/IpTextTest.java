package io.github.lbkit.http.internal.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTextTest {
    /** The examples of RFC 5952 and the cases between them. */
    @ParameterizedTest
    @CsvSource({
        "0:0:0:0:0:0:0:1, ::1",
        "0:0:0:0:0:0:0:0, ::",
        "2001:0db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8::AAAA, 2001:db8::aaaa",
        "fe80::, fe80::",
        "1:0:0:0:0:0:0:0, 1::",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "::ffff:1.2.3.4, 1.2.3.4",
        "10.0.0.255, 10.0.0.255",
    })
    void an_address_is_read_and_written_as_rfc_5952_says(String text, String canonical) {
        InetAddress address = Objects.requireNonNull(IpText.parse(text), text);

        assertThat(IpText.of(address)).isEqualTo(canonical);
    }

    @Property
    void every_address_of_16_bytes_is_read_as_it_was_written(@ForAll @Size(16) byte[] bytes)
            throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(bytes);

        assertThat(IpText.parse(IpText.of(address))).isEqualTo(address);
        assertThat(IpText.parse(address.getHostAddress())).isEqualTo(address);
    }

    @Property
    void every_address_of_4_bytes_is_read_as_it_was_written(@ForAll @Size(4) byte[] bytes) throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(bytes);

        assertThat(IpText.of(address)).isEqualTo(address.getHostAddress());
        assertThat(IpText.parse(IpText.of(address))).isEqualTo(address);
    }

    @Property
    void a_zone_is_not_written(@ForAll @Size(16) byte[] bytes, @ForAll("zones") int zone) throws UnknownHostException {
        bytes[0] = (byte) 0xfe;
        bytes[1] = (byte) 0x80;
        InetAddress scoped = java.net.Inet6Address.getByAddress("", bytes, zone);

        assertThat(IpText.of(scoped)).doesNotContain("%").isEqualTo(IpText.of(InetAddress.getByAddress(bytes)));
    }

    @net.jqwik.api.Provide
    net.jqwik.api.Arbitrary<Integer> zones() {
        return net.jqwik.api.Arbitraries.integers().between(1, 9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "localhost",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "1.2.3.04",
                "1.2.3.",
                ".1.2.3",
                "1..2.3",
                "1.2.3.4 ",
                "127.1",
                "0x7f.0.0.1",
                "2130706433",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8",
                "12345::",
                "g::",
                "::1%eth0",
                "[::1]",
                "1.2.3.4::",
                "::1.2.3.4:5",
                ":1::2",
                "1:2:3:4:5:6:7:1.2.3.4"
            })
    void text_that_is_no_address_is_none(String text) {
        assertThat(IpText.parse(text)).isNull();
    }
}
