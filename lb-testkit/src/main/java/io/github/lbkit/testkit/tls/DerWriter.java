package io.github.lbkit.testkit.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;

/** The parts of DER (X.690) that certificates and revocation lists need. Stateless. */
final class DerWriter {
    static final byte[] NULL = {5, 0};
    static final byte[] TRUE = {1, 1, (byte) 0xff};

    private static final Instant LAST_UTC_TIME = Instant.parse("2050-01-01T00:00:00Z");
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;

    private DerWriter() {}

    static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int skip = digits[0] == 0 ? 1 : 0;
            out.write(0x80 | (digits.length - skip));
            out.write(digits, skip, digits.length - skip);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    static byte[] sequence(byte[]... parts) {
        return element(0x30, parts);
    }

    static byte[] sequence(Collection<byte[]> parts) {
        return element(0x30, parts.toArray(byte[][]::new));
    }

    /** Returns an explicit, context-specific element. */
    static byte[] tagged(int number, byte[] part) {
        return element(0xa0 | number, part);
    }

    static byte[] integer(BigInteger value) {
        return element(2, value.toByteArray());
    }

    static byte[] octets(byte[] value) {
        return element(4, value);
    }

    static byte[] bits(int unused, byte[] value) {
        return element(3, new byte[] {(byte) unused}, value);
    }

    static byte[] oid(String dotted) {
        List<Long> arcs =
                List.of(dotted.split("\\.", -1)).stream().map(Long::valueOf).toList();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(base128(arcs.get(0) * 40 + arcs.get(1)));
        arcs.subList(2, arcs.size()).forEach(arc -> out.writeBytes(base128(arc)));
        return element(6, out.toByteArray());
    }

    private static byte[] base128(long value) {
        int length = Math.max(1, (64 - Long.numberOfLeadingZeros(value) + 6) / 7);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            int digit = (int) (value >> (7 * (length - 1 - i))) & 0x7f;
            bytes[i] = (byte) (i == length - 1 ? digit : digit | 0x80);
        }
        return bytes;
    }

    static byte[] time(Instant at) {
        boolean isShort = at.isBefore(LAST_UTC_TIME);
        String text = DateTimeFormatter.ofPattern(isShort ? "yyMMddHHmmss'Z'" : "yyyyMMddHHmmss'Z'")
                .format(at.atOffset(ZoneOffset.UTC));
        return element(isShort ? UTC_TIME : GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }
}
