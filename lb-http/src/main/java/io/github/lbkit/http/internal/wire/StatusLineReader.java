package io.github.lbkit.http.internal.wire;

/**
 * A parser of status lines: {@code version SP 3DIGIT SP reason CRLF} (RFC 9112 4). The reason may be empty; the blank
 * before an empty reason may be missing. Confined to the thread of its head parser.
 */
final class StatusLineReader implements StartLine {
    private static final int STATUS = Version.LENGTH + 1;
    private static final int REASON = STATUS + 4;

    private enum State {
        FIXED,
        REASON,
        LINE_FEED,
        DONE
    }

    private final int maxLine;
    private State state = State.FIXED;

    /** Creates a parser of lines up to this length in bytes, without the line end. */
    StatusLineReader(int maxLine) {
        this.maxLine = maxLine;
    }

    @Override
    public void reset() {
        state = State.FIXED;
    }

    @Override
    public boolean done() {
        return state == State.DONE;
    }

    @Override
    public int read(Head head, int from, int to) throws BadMessageException {
        int at = from;
        if (state == State.FIXED) {
            at = fixed(head, at, to);
        }
        if (state == State.REASON) {
            at = reason(head, at, to);
        }
        if (state == State.LINE_FEED && at < to) {
            expect(head.bytes()[at++], '\n');
            state = State.DONE;
        }
        return at;
    }

    private int fixed(Head head, int from, int to) throws BadMessageException {
        byte[] bytes = head.bytes();
        int start = head.start();
        for (int at = from; at < to; at++) {
            int index = at - start;
            byte b = bytes[at];
            if (index < Version.LENGTH) {
                Version.check(b, index);
            } else if (index == Version.LENGTH) {
                expect(b, ' ');
            } else if (index < REASON - 1) {
                if (!Octets.isDigit(b) || (index == STATUS && b == '0')) {
                    throw BadMessageException.badByte(b, "the status code");
                }
            } else {
                head.version(Version.minor(bytes, start));
                int code = start + STATUS;
                head.status((bytes[code] - '0') * 100 + (bytes[code + 1] - '0') * 10 + bytes[code + 2] - '0');
                if (b == '\r') {
                    head.reason(at, at);
                    state = State.LINE_FEED;
                } else {
                    expect(b, ' ');
                    state = State.REASON;
                }
                return at + 1;
            }
        }
        return to;
    }

    private int reason(Head head, int from, int to) throws BadMessageException {
        int start = head.start();
        int limit = Math.min(to, start + maxLine);
        int at = Octets.skipValue(head.bytes(), from, limit);
        if (at == to) {
            return at;
        }
        if (at == start + maxLine && head.bytes()[at] != '\r') {
            throw Limit.RESPONSE_HEAD.exceeded(431, maxLine);
        }
        expect(head.bytes()[at], '\r');
        head.reason(start + REASON, at);
        state = State.LINE_FEED;
        return at + 1;
    }

    private static void expect(byte b, char expected) throws BadMessageException {
        if (b != expected) {
            throw BadMessageException.badByte(b, "the status line");
        }
    }
}
