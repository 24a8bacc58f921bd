package io.github.lbkit.http.internal.wire.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.http.ProxyProtocol;
import io.github.lbkit.http.internal.wire.BadMessageException;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of PROXY headers: examples of the specification, its refusals, and the laws of reading and writing. */
class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String V4 = "c0000201" + "c0000202" + "dcba" + "01bb";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PROXY TCP4 192.0.2.1 192.0.2.2 56506 443 | 192.0.2.1:56506 192.0.2.2:443",
                "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535 | 255.255.255.255:65535 255.255.255.255:65535",
                "PROXY TCP6 2001:db8::1 ::1 0 80 | [2001:db8:0:0:0:0:0:1]:0 [0:0:0:0:0:0:0:1]:80",
                "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535"
                        + " | [ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535"
                        + " [ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535",
                "PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2 | 192.0.2.1:1 [0:0:0:0:0:0:0:1]:2",
                "PROXY UNKNOWN | none",
                "PROXY UNKNOWN ffff:f...f:ffff anything 1 | none",
            })
    void a_line_reports_both_addresses(String line, String addresses) throws BadMessageException {
        byte[] bytes = (line + "\r\nGET / HTTP/1.1").getBytes(StandardCharsets.ISO_8859_1);

        ProxyHeader header = Objects.requireNonNull(ProxyHeaderReader.read(bytes, 0, bytes.length));

        assertThat(text(header)).isEqualTo(addresses);
        assertThat(header.length()).isEqualTo(line.length() + 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\\r\\n",
                "proxy TCP4 1.2.3.4 1.2.3.4 1 2\\r\\n",
                "PROXY\\tTCP4 1.2.3.4 1.2.3.4 1 2\\r\\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\\rX",
                "PROXY  TCP4 1.2.3.4 1.2.3.4 1 2\\r\\n",
                "PROXY TCP4  1.2.3.4 1.2.3.4 1 2\\r\\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \\r\\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1\\r\\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 01 2\\r\\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\\r\\n",
                "PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\\r\\n",
                "PROXY TCP4 01.2.3.4 1.2.3.4 1 2\\r\\n",
                "PROXY TCP4 ::1 ::1 1 2\\r\\n",
                "PROXY TCP6 1.2.3.4 1.2.3.4 1 2\\r\\n",
                "PROXY TCP6 ::1%lo ::1 1 2\\r\\n",
                "PROXY UDP4 1.2.3.4 1.2.3.4 1 2\\r\\n",
                "PROXY UNKNOWNS\\r\\n",
                "PROXY \\r\\n",
                "PROXY\\r\\n",
            })
    void a_line_that_breaks_a_rule_is_refused(String escaped) {
        byte[] bytes = escaped.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> ProxyHeaderReader.read(bytes, 0, bytes.length))
                .isInstanceOf(BadMessageException.class)
                .hasMessageContaining("PROXY header");
    }

    @Test
    void a_line_may_have_107_bytes_and_is_refused_at_the_first_byte_beyond() throws BadMessageException {
        byte[] line = ("PROXY UNKNOWN " + "x".repeat(91) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] longer = ("PROXY UNKNOWN " + "x".repeat(92)).getBytes(StandardCharsets.ISO_8859_1);

        assertThat(line).hasSize(107);
        assertThat(ProxyHeaderReader.read(line, 0, 107)).isEqualTo(new ProxyHeader(null, 107));
        assertThat(ProxyHeaderReader.read(longer, 0, 105)).isNull();
        assertThatThrownBy(() -> ProxyHeaderReader.read(longer, 0, 106)).hasMessageContaining("longer than 107");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TCP over IPv4 | 21 11 000c " + V4 + " | 192.0.2.1:56506 192.0.2.2:443",
                "unknown values are skipped | 21 11 0013 " + V4 + " 04 0004 00000000 | 192.0.2.1:56506 192.0.2.2:443",
                "LOCAL | 20 00 0000 | none",
                "LOCAL with addresses | 20 11 000c " + V4 + " | none",
                "UNSPEC | 21 00 0000 | none",
                "UNSPEC with more bytes | 21 00 0003 ffffff | none",
                "UDP | 21 12 000c " + V4 + " | none",
                "an unknown family | 21 41 0001 00 | none",
            })
    void a_binary_header_reports_addresses_of_tcp_alone(String name, String hex, String addresses)
            throws BadMessageException {
        byte[] bytes = bytes(hex);

        ProxyHeader header = Objects.requireNonNull(ProxyHeaderReader.read(bytes, 0, bytes.length), name);

        assertThat(text(header)).as(name).isEqualTo(addresses);
        assertThat(header.length()).isEqualTo(bytes.length);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version 1 | 11 11 000c " + V4,
                "version 3 | 31 11 000c " + V4,
                "command 2 | 22 11 000c " + V4,
                "too short for its addresses | 21 11 000b c0000201 c0000202 dcba 01",
                "too short for IPv6 | 21 21 000c " + V4,
                "too short for unix | 21 31 000c " + V4,
                "a value past the end | 21 11 000f " + V4 + " 04 0001",
                "half a value | 21 11 000e " + V4 + " 04 00",
                "a checksum of 3 bytes | 21 11 0012 " + V4 + " 03 0003 000000",
                "a wrong checksum | 21 11 0013 " + V4 + " 03 0004 00000000",
                "longer than 4 KiB | 21 11 0ff1",
            })
    void a_binary_header_that_breaks_a_rule_is_refused(String name, String hex) {
        byte[] bytes = bytes(hex);

        assertThatThrownBy(() -> ProxyHeaderReader.read(bytes, 0, bytes.length))
                .as(name)
                .isInstanceOf(BadMessageException.class)
                .hasMessageContaining("PROXY header");
    }

    @Test
    void a_header_of_4_kib_is_read_and_a_unix_address_counts_as_none() throws BadMessageException {
        byte[] longest = Arrays.copyOf(bytes("21 11 0ff0 " + V4 + " 04 0fe1"), 4096);
        byte[] unix = Arrays.copyOf(bytes("21 31 00d8"), 16 + 216);

        assertThat(text(Objects.requireNonNull(ProxyHeaderReader.read(longest, 0, 4096))))
                .startsWith("192.0.2.1");
        assertThat(ProxyHeaderReader.read(longest, 0, 4095)).isNull();
        assertThat(ProxyHeaderReader.read(unix, 0, unix.length)).isEqualTo(new ProxyHeader(null, 232));
    }

    /** The header of a HAProxy 2.6 with {@code send-proxy-v2 proxy-v2-options crc32c} is built in the same way. */
    @Test
    void a_right_checksum_is_accepted_and_every_changed_bit_of_such_a_header_is_noticed() throws BadMessageException {
        byte[] header = withChecksum();
        assertThat(text(Objects.requireNonNull(ProxyHeaderReader.read(header, 0, header.length))))
                .isEqualTo("192.0.2.1:56506 192.0.2.2:443");

        for (int bit = 8 * 16; bit < 8 * header.length; bit++) {
            byte[] changed = header.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            boolean isType = bit / 8 == 28;
            if (!isType) { // a value of another type is skipped
                assertThatThrownBy(() -> ProxyHeaderReader.read(changed, 0, changed.length))
                        .as("bit %s", bit)
                        .isInstanceOf(BadMessageException.class);
            }
        }
    }

    private static byte[] withChecksum() {
        byte[] header = bytes("21 11 0013 " + V4 + " 03 0004 00000000");
        CRC32C crc = new CRC32C();
        crc.update(header);
        for (int i = 0; i < 4; i++) {
            header[31 + i] = (byte) (crc.getValue() >> (24 - 8 * i));
        }
        return header;
    }

    @Property
    void what_is_written_is_read_in_any_pieces_and_no_byte_behind_it(
            @ForAll ProxyProtocol version,
            @ForAll @Size(16) byte[] source,
            @ForAll @Size(16) byte[] destination,
            @ForAll boolean sourceIsV4,
            @ForAll boolean destinationIsV4,
            @ForAll @IntRange(max = 65_535) int port,
            @ForAll @Size(max = 20) byte[] behind)
            throws UnknownHostException, BadMessageException {
        ProxyAddresses addresses = new ProxyAddresses(
                address(source, sourceIsV4, port), address(destination, destinationIsV4, 65_535 - port));
        byte[] header = ProxyHeaderWriter.write(version, addresses);
        byte[] all = concat(new byte[] {7}, header, behind);

        for (int to = 1; to < 1 + header.length; to++) {
            assertThat(ProxyHeaderReader.read(all, 1, to)).isNull();
        }
        for (int to = 1 + header.length; to <= all.length; to++) {
            assertThat(ProxyHeaderReader.read(all, 1, to)).isEqualTo(new ProxyHeader(addresses, header.length));
        }
    }

    private static InetSocketAddress address(byte[] bytes, boolean isV4, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(isV4 ? Arrays.copyOf(bytes, 4) : bytes), port);
    }

    @Property(tries = 20)
    void a_connection_of_the_proxy_itself_reports_no_addresses(@ForAll ProxyProtocol version)
            throws BadMessageException {
        byte[] header = ProxyHeaderWriter.write(version, null);

        assertThat(ProxyHeaderReader.read(header, 0, header.length)).isEqualTo(new ProxyHeader(null, header.length));
    }

    @Property
    void any_bytes_are_a_header_an_incomplete_one_or_refused(
            @ForAll ProxyProtocol version,
            @ForAll @Size(max = 60) byte[] bytes,
            @ForAll @IntRange(max = 30) int kept,
            @ForAll boolean isWithChecksum) {
        byte[] valid = isWithChecksum ? withChecksum() : ProxyHeaderWriter.write(version, null);
        byte[] input = concat(Arrays.copyOf(valid, Math.min(kept, valid.length)), bytes);

        requireWithin(input);
    }

    /** Reads all prefixes of the input; whatever they are, nothing else than a refusal is thrown. */
    static void requireWithin(byte[] input) {
        for (int to = 0; to <= input.length; to++) {
            byte[] exact = Arrays.copyOf(input, to);
            try {
                ProxyHeader header = ProxyHeaderReader.read(exact, 0, to);
                if (header != null) {
                    assertThat(header.length()).isBetween(15, to);
                }
            } catch (BadMessageException expected) {
                assertThat(expected.reason()).isNotEmpty();
            }
        }
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] bytes(String hexAfterSignature) {
        return HexFormat.of().parseHex(SIGNATURE + hexAfterSignature.replace(" ", ""));
    }

    private static String text(ProxyHeader header) {
        ProxyAddresses addresses = header.addresses();
        return addresses == null ? "none" : (addresses.source() + " " + addresses.destination()).replace("/", "");
    }
}
