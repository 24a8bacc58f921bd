package io.github.lbkit.testkit.tls;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The extensions of certificates (RFC 5280 4.2). Stateless. */
final class Extensions {
    private static final byte SIGNS_CERTIFICATES_AND_LISTS = 0x06;
    private static final byte SIGNS_AND_ENCRYPTS = (byte) 0xa0;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    private Extensions() {}

    static List<byte[]> ofAuthority() {
        return List.of(
                critical("2.5.29.19", DerWriter.sequence(DerWriter.TRUE)),
                critical("2.5.29.15", DerWriter.bits(1, new byte[] {SIGNS_CERTIFICATES_AND_LISTS})));
    }

    static List<byte[]> ofLeaf(Collection<String> names) {
        List<byte[]> extensions = new ArrayList<>();
        extensions.add(critical("2.5.29.15", DerWriter.bits(5, new byte[] {SIGNS_AND_ENCRYPTS})));
        extensions.add(normal(
                "2.5.29.37",
                DerWriter.sequence(
                        DerWriter.oid("1.3.6.1.5.5.7.3.1"), DerWriter.oid("1.3.6.1.5.5.7.3.2")))); // server, client
        List<byte[]> alternatives = names.stream().map(Extensions::alternative).toList();
        if (!alternatives.isEmpty()) {
            extensions.add(normal("2.5.29.17", DerWriter.sequence(alternatives)));
        }
        return extensions;
    }

    private static byte[] alternative(String name) {
        byte[] address = IpAddress.parse(name);
        return address.length == 0
                ? DerWriter.element(DNS_NAME, name.getBytes(StandardCharsets.US_ASCII))
                : DerWriter.element(IP_ADDRESS, address);
    }

    private static byte[] critical(String oid, byte[] value) {
        return DerWriter.sequence(DerWriter.oid(oid), DerWriter.TRUE, DerWriter.octets(value));
    }

    private static byte[] normal(String oid, byte[] value) {
        return DerWriter.sequence(DerWriter.oid(oid), DerWriter.octets(value));
    }
}
