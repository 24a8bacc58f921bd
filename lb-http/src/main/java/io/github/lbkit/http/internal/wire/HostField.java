package io.github.lbkit.http.internal.wire;

/** The rule that a request has one valid Host (RFC 9112 3.2). Stateless. */
final class HostField {
    private HostField() {}

    /** Refuses a second Host and a malformed Host; in HTTP/1.1 also a missing or empty Host. */
    static void check(Head head) throws BadMessageException {
        int host = head.find(FieldName.HOST);
        if (host < 0) {
            if (head.versionMinor() > 0) {
                throw BadMessageException.malformed("no Host");
            }
            return;
        }
        if (head.findNext(FieldName.HOST, host + 1) >= 0) {
            throw BadMessageException.malformed("more than one Host");
        }
        if (head.versionMinor() > 0 && head.valueStart(host) == head.valueEnd(host)) {
            throw BadMessageException.malformed("an empty Host");
        }
        if (!Authority.isValid(head.bytes(), head.valueStart(host), head.valueEnd(host))) {
            throw BadMessageException.malformed("a Host that is no host and port");
        }
    }
}
