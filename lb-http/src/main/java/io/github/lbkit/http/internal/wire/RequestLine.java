package io.github.lbkit.http.internal.wire;

/**
 * A parser of request lines: exactly {@code method SP target SP version CRLF} (RFC 9112 3). Confined to the thread of
 * its head parser.
 */
final class RequestLine implements StartLine {
    private static final int MAX_METHOD = 32;

    private enum State {
        METHOD,
        TARGET,
        VERSION,
        DONE
    }

    private final int maxLine;
    private State state = State.METHOD;

    /** Creates a parser of lines up to this length in bytes, without the line end. */
    RequestLine(int maxLine) {
        this.maxLine = maxLine;
    }

    @Override
    public void reset() {
        state = State.METHOD;
    }

    @Override
    public boolean done() {
        return state == State.DONE;
    }

    @Override
    public int read(Head head, int from, int to) throws BadMessageException {
        int at = from;
        if (state == State.METHOD) {
            at = method(head, at, to);
        }
        if (state == State.TARGET) {
            at = target(head, at, to);
        }
        if (state == State.VERSION) {
            at = version(head, at, to);
        }
        return at;
    }

    private int method(Head head, int from, int to) throws BadMessageException {
        byte[] bytes = head.bytes();
        int start = head.start();
        int at = Octets.skip(bytes, from, Math.min(to, start + MAX_METHOD), Octets.TOKEN);
        if (at == to) {
            return at;
        }
        if (at == start + MAX_METHOD && Octets.is(bytes[at], Octets.TOKEN)) {
            throw BadMessageException.malformed("a method of more than " + MAX_METHOD + " characters");
        }
        if (bytes[at] != ' ') {
            throw BadMessageException.badByte(bytes[at], "the method");
        }
        if (at == start) {
            throw BadMessageException.malformed("no method");
        }
        head.method(at);
        state = State.TARGET;
        return at + 1;
    }

    private int target(Head head, int from, int to) throws BadMessageException {
        byte[] bytes = head.bytes();
        int limit = Math.min(to, head.start() + maxLine);
        int at = Octets.skip(bytes, from, limit, Octets.TARGET);
        if (at == limit) {
            checkLength(head, at, to);
            return at;
        }
        if (bytes[at] == '#') {
            throw BadMessageException.malformed("a fragment in the target");
        }
        if (bytes[at] != ' ') {
            throw BadMessageException.badByte(bytes[at], "the target");
        }
        if (at == head.targetStart()) {
            throw BadMessageException.malformed("no target");
        }
        head.target(at);
        state = State.VERSION;
        return at + 1;
    }

    private int version(Head head, int from, int to) throws BadMessageException {
        byte[] bytes = head.bytes();
        int start = head.targetEnd() + 1;
        for (int at = from; at < to; at++) {
            int index = at - start;
            if (index < Version.LENGTH) {
                checkLength(head, at, to);
                Version.check(bytes[at], index);
            } else if (index == Version.LENGTH) {
                expect(bytes[at], '\r');
            } else {
                expect(bytes[at], '\n');
                head.version(Version.minor(bytes, start));
                RequestTarget.check(head);
                state = State.DONE;
                return at + 1;
            }
        }
        return to;
    }

    private static void expect(byte b, char expected) throws BadMessageException {
        if (b != expected) {
            throw BadMessageException.badByte(b, "the end of the request line");
        }
    }

    /** Checks the position of a byte of the line; the line end does not count. */
    private void checkLength(Head head, int at, int to) throws BadMessageException {
        if (at < to && at >= head.start() + maxLine) {
            throw Limit.REQUEST_LINE.exceeded(414, maxLine);
        }
    }
}
