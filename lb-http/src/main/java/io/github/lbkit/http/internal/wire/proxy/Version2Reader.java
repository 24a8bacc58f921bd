package io.github.lbkit.http.internal.wire.proxy;

import io.github.lbkit.http.internal.wire.BadMessageException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A reader of PROXY headers of version 2: a signature, the addresses in binary, and additional values (TLVs) that are
 * skipped. A checksum among them is compared. Stateless.
 */
final class Version2Reader {
    /** The first bytes of the header, in ISO-8859-1. */
    static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

    /** The number of bytes before the addresses. */
    static final int FIXED_LENGTH = 16;

    /** The maximum number of bytes of a header. The length field allows more. */
    static final int MAX_LENGTH = 4096;

    static final int LOCAL = 0x20;
    static final int PROXY = 0x21;
    static final int TCP4 = 0x11;
    static final int TCP6 = 0x21;
    static final int UNIX_STREAM = 0x31;

    private static final int TLV_HEAD = 3;
    private static final int TLV_CRC32C = 3;

    private Version2Reader() {}

    static @Nullable ProxyHeader read(byte[] bytes, int from, int to) throws BadMessageException {
        ProxyHeaderReader.requireBeginning(SIGNATURE, bytes, from, to);
        if (to - from < FIXED_LENGTH) {
            return null;
        }
        int command = bytes[from + 12] & 0xff;
        if (command != LOCAL && command != PROXY) {
            throw BadMessageException.malformed("a PROXY header of another version or command");
        }
        int end = from + FIXED_LENGTH + unsignedShort(bytes, from + 14);
        if (end - from > MAX_LENGTH) {
            throw BadMessageException.malformed("a PROXY header longer than 4096 bytes");
        }
        if (to < end) {
            return null;
        }
        ProxyAddresses addresses = command == LOCAL ? null : addresses(bytes, from, end);
        return new ProxyHeader(addresses, end - from);
    }

    /** Returns the addresses; null for a protocol other than TCP, whose addresses say nothing here. */
    private static @Nullable ProxyAddresses addresses(byte[] bytes, int from, int end) throws BadMessageException {
        int protocol = bytes[from + 13] & 0xff;
        int at = from + FIXED_LENGTH;
        int size = switch (protocol) {
            case TCP4 -> 4;
            case TCP6 -> 16;
            case UNIX_STREAM -> 106;
            default -> 0;
        };
        if (size == 0) {
            return null; // it is not known where additional values would begin
        }
        int addressesEnd = at + 2 * size + 4;
        checkValues(bytes, from, addressesEnd, end);
        if (protocol == UNIX_STREAM) {
            return null;
        }
        int ports = at + 2 * size;
        return new ProxyAddresses(
                new InetSocketAddress(address(bytes, at, size), unsignedShort(bytes, ports)),
                new InetSocketAddress(address(bytes, at + size, size), unsignedShort(bytes, ports + 2)));
    }

    private static InetAddress address(byte[] bytes, int from, int size) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + size));
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 or 16 bytes", e);
        }
    }

    /** Walks through the additional values. None may end after the header, and a checksum must be right. */
    private static void checkValues(byte[] bytes, int from, int firstValue, int end) throws BadMessageException {
        int checksum = -1;
        int at = firstValue;
        while (at < end) {
            int value = at + TLV_HEAD;
            int next = value <= end ? value + unsignedShort(bytes, at + 1) : value;
            if (next > end) {
                break;
            }
            if (bytes[at] == TLV_CRC32C) {
                if (checksum >= 0 || next - value != Integer.BYTES) {
                    throw BadMessageException.malformed("a second or ill-sized checksum in a PROXY header");
                }
                checksum = value;
            }
            at = next;
        }
        if (at != end) {
            throw BadMessageException.malformed(
                    "addresses or values that do not fit into the length of a PROXY header");
        }
        if (checksum >= 0 && !isRight(Arrays.copyOfRange(bytes, from, end), checksum - from)) {
            throw BadMessageException.malformed("a wrong checksum in a PROXY header");
        }
    }

    /** Returns whether the checksum at this position fits the header, whose copy is changed. */
    private static boolean isRight(byte[] header, int at) {
        int expected = unsignedShort(header, at) << 16 | unsignedShort(header, at + 2);
        Arrays.fill(header, at, at + Integer.BYTES, (byte) 0);
        CRC32C crc = new CRC32C();
        crc.update(header);
        return (int) crc.getValue() == expected;
    }

    private static int unsignedShort(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }
}
