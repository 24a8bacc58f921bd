package io.github.lbkit.http.internal.wire;

/**
 * The protocol version of a first line: {@code HTTP/1.0}, or {@code HTTP/1.x}, which counts as 1.1 (RFC 9110 2.5).
 * Stateless.
 */
final class Version {
    static final int LENGTH = 8;
    private static final String PATTERN = "HTTP/D.D";

    private Version() {}

    /** Checks one of the eight bytes of a version. */
    static void check(byte b, int index) throws BadMessageException {
        char expected = PATTERN.charAt(index);
        if (expected == 'D' ? !Octets.isDigit(b) : b != expected) {
            throw BadMessageException.badByte(b, "the protocol version");
        }
    }

    /** Returns the minor version of eight checked bytes, as the sender wrote it. */
    static int minor(byte[] bytes, int from) throws BadMessageException {
        int major = bytes[from + 5] - '0';
        int minor = bytes[from + 7] - '0';
        if (major != 1) {
            throw new BadMessageException(505, "the protocol version is HTTP/" + major + "." + minor);
        }
        return minor;
    }
}
