package io.github.lbkit.http.internal.wire;

/**
 * The grammar of {@code host[:port]} in Host and in absolute targets (RFC 9110 7.2), without user information or
 * blanks. Stateless.
 */
final class Authority {
    private Authority() {}

    /**
     * Returns whether the bytes are a host with an optional port up to 65535. The host may be empty if there is no
     * port.
     */
    static boolean isValid(byte[] bytes, int from, int to) {
        if (from == to) {
            return true;
        }
        int end = bytes[from] == '[' ? literal(bytes, from + 1, to) : name(bytes, from, to);
        if (end <= from) {
            return false;
        }
        return end == to || (bytes[end] == ':' && isPort(bytes, end + 1, to));
    }

    /** Returns the position after a registered name or IPv4 address; −1 if there is none. */
    private static int name(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != ':') {
            if (bytes[at] == '%') {
                if (at + 2 >= to || Octets.hex(bytes[at + 1]) < 0 || Octets.hex(bytes[at + 2]) < 0) {
                    return -1;
                }
                at += 3;
            } else if (Octets.is(bytes[at], Octets.HOST)) {
                at++;
            } else {
                return -1;
            }
        }
        return at;
    }

    /** Returns the position after the bracket of an IPv6 literal; −1 if there is none. */
    private static int literal(byte[] bytes, int from, int to) {
        int groups = 0;
        int digits = 0;
        boolean shortened = false;
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            if (Octets.hex(b) >= 0) {
                if (++digits > 4) {
                    return -1;
                }
                groups += digits == 1 ? 1 : 0;
            } else if (b == ':') {
                boolean doubled = at + 1 < to && bytes[at + 1] == ':';
                if (doubled ? shortened : digits == 0) {
                    return -1;
                }
                if (doubled) {
                    shortened = true;
                    at++;
                } else if (at + 1 == to || bytes[at + 1] == ']') {
                    return -1;
                }
                digits = 0;
            } else if (b == '.' && digits > 0) {
                return ipv4Tail(bytes, at - digits, to, groups + 1, shortened);
            } else {
                return b == ']' && isComplete(groups, shortened) ? at + 1 : -1;
            }
        }
        return -1;
    }

    private static int ipv4Tail(byte[] bytes, int from, int to, int groups, boolean shortened) {
        int at = from;
        for (int part = 0; part < 4; part++) {
            int value = 0;
            int start = at;
            while (at < to && at - start < 3 && Octets.isDigit(bytes[at])) {
                value = value * 10 + bytes[at++] - '0';
            }
            byte expected = (byte) (part < 3 ? '.' : ']');
            if (at == start || value > 255 || at == to || bytes[at++] != expected) {
                return -1;
            }
        }
        return isComplete(groups, shortened) ? at : -1;
    }

    private static boolean isComplete(int groups, boolean shortened) {
        return shortened ? groups < 8 : groups == 8;
    }

    private static boolean isPort(byte[] bytes, int from, int to) {
        int port = 0;
        for (int at = from; at < to; at++) {
            if (!Octets.isDigit(bytes[at])) {
                return false;
            }
            port = port * 10 + bytes[at] - '0';
            if (port > 65_535) {
                return false;
            }
        }
        return true;
    }
}
