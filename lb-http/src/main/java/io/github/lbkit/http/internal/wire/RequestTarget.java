package io.github.lbkit.http.internal.wire;

/** The four forms of a request target (RFC 9112 3.2), each allowed only with its methods. Stateless. */
final class RequestTarget {
    private RequestTarget() {}

    /** Checks the target of a complete request line, and finds the authority of an absolute target. */
    static void check(Head head) throws BadMessageException {
        byte[] bytes = head.bytes();
        int from = head.targetStart();
        int to = head.targetEnd();
        if (head.methodIs("CONNECT")) {
            throw new BadMessageException(501, "CONNECT: this proxy opens no tunnels");
        }
        if (bytes[from] == '/') {
            return;
        }
        if (bytes[from] == '*' && to - from == 1) {
            if (!head.methodIs("OPTIONS")) {
                throw BadMessageException.malformed("the target * with another method than OPTIONS");
            }
            return;
        }
        int start = authority(bytes, from, to);
        int end = start;
        while (end < to && bytes[end] != '/' && bytes[end] != '?') {
            end++;
        }
        if (end == start || !Authority.isValid(bytes, start, end)) {
            throw BadMessageException.malformed("an absolute target without a valid host");
        }
        head.authority(start, end);
    }

    private static int authority(byte[] bytes, int from, int to) throws BadMessageException {
        if (begins(bytes, from, to, "http://")) {
            return from + "http://".length();
        }
        if (begins(bytes, from, to, "https://")) {
            return from + "https://".length();
        }
        throw BadMessageException.malformed("a target that is neither a path nor an absolute URI of http or https");
    }

    private static boolean begins(byte[] bytes, int from, int to, String prefix) {
        return to - from >= prefix.length() && Octets.equalsIgnoreCase(bytes, from, from + prefix.length(), prefix);
    }
}
