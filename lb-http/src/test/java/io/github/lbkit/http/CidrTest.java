package io.github.lbkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.internal.peer.IpText;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.168.4.0/22, 192.168.7.255, true",
        "192.168.4.0/22, 192.168.8.0, false",
        "192.168.4.0/22, 192.168.3.255, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.2, false",
        "0.0.0.0/0, 255.1.1.1, true",
        "0.0.0.0/0, ::1, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "::1, ::1, true",
        "::/0, 1::, true",
        "::/0, 1.2.3.4, false",
    })
    void a_network_has_the_addresses_that_share_its_prefix(String network, String address, boolean contained) {
        assertThat(Cidr.parse(network).contains(Objects.requireNonNull(IpText.parse(address))))
                .isEqualTo(contained);
    }

    @Property
    void a_network_is_what_its_bits_say(
            @ForAll @Size(4) byte[] ours, @ForAll @Size(4) byte[] theirs, @ForAll @IntRange(max = 32) int prefix)
            throws UnknownHostException {
        BigInteger mask = BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE.shiftLeft(32 - prefix));
        BigInteger network = new BigInteger(1, ours).and(mask);
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            bytes[i] = network.shiftRight(24 - 8 * i).byteValue();
        }
        Cidr cidr = new Cidr(InetAddress.getByAddress(bytes), prefix);

        assertThat(cidr.contains(InetAddress.getByAddress(theirs)))
                .isEqualTo(new BigInteger(1, theirs).and(mask).equals(network));
        assertThat(cidr.contains(InetAddress.getByAddress(ours))).isTrue();
        assertThat(Cidr.parse(cidr.toString())).isEqualTo(cidr);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/a",
                "10.0.0.1/8",
                "::/129",
                "fd00::1/64",
                "10.0.0.0/8/8",
                "localhost/8",
                "10.0.0.0 /8",
                "10/8",
                "::1%lo/128",
                "1.2.3.4/032x"
            })
    void text_that_is_no_network_is_refused(String text) {
        assertThatThrownBy(() -> Cidr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(".*(is not an IP address|is not within|has bits after).*");
    }
}
