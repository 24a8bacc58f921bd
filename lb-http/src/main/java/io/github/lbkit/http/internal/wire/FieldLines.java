package io.github.lbkit.http.internal.wire;

/**
 * A parser of the field lines of a head or a trailer section, up to the empty line (RFC 9112 5). Refuses blanks before
 * the colon, line folding, bare line ends and control characters. Confined to the thread of its head parser.
 */
final class FieldLines {
    private enum State {
        LINE,
        NAME,
        BEFORE_VALUE,
        VALUE,
        LINE_FEED,
        LAST_LINE_FEED,
        DONE
    }

    private final Limit limit;
    private final int maxFields;
    private State state = State.LINE;

    FieldLines(Limit limit, int maxFields) {
        this.limit = limit;
        this.maxFields = maxFields;
    }

    void reset() {
        state = State.LINE;
    }

    /** Returns whether the empty line was read. */
    boolean done() {
        return state == State.DONE;
    }

    /**
     * Continues parsing; returns the position after the last byte read. This is after the empty line if {@link #done},
     * otherwise the end of the input.
     */
    int read(Head head, int from, int to) throws BadMessageException {
        int at = from;
        while (at < to && state != State.DONE) {
            if (state == State.LINE) {
                at = line(head, at);
            }
            if (state == State.NAME) {
                at = name(head, at, to);
            }
            if (state == State.BEFORE_VALUE) {
                at = beforeValue(head, at, to);
            }
            if (state == State.VALUE) {
                at = value(head, at, to);
            }
            if (state == State.LINE_FEED || state == State.LAST_LINE_FEED) {
                at = lineFeed(head, at, to);
            }
        }
        return at;
    }

    private int line(Head head, int at) throws BadMessageException {
        byte b = head.bytes()[at];
        if (b == '\r') {
            state = State.LAST_LINE_FEED;
            return at + 1;
        }
        if (Octets.isBlank(b)) {
            throw BadMessageException.malformed("a line that begins with a blank");
        }
        if (head.fieldCount() == maxFields) {
            throw limit.exceeded(431, maxFields);
        }
        head.fields().begin(at - head.start());
        state = State.NAME;
        return at;
    }

    private int name(Head head, int from, int to) throws BadMessageException {
        byte[] bytes = head.bytes();
        int at = Octets.skip(bytes, from, to, Octets.TOKEN);
        if (at == to) {
            return at;
        }
        if (bytes[at] != ':') {
            throw BadMessageException.badByte(bytes[at], "the name of a field");
        }
        FieldTable fields = head.fields();
        int start = head.start() + fields.nameStart(fields.count());
        if (at == start) {
            throw BadMessageException.malformed("a field without a name");
        }
        fields.nameEnds(at - head.start(), FieldName.of(bytes, start, at));
        state = State.BEFORE_VALUE;
        return at + 1;
    }

    private int beforeValue(Head head, int from, int to) {
        byte[] bytes = head.bytes();
        int at = from;
        while (at < to && Octets.isBlank(bytes[at])) {
            at++;
        }
        if (at < to) {
            head.fields().valueStarts(at - head.start());
            state = State.VALUE;
        }
        return at;
    }

    private int value(Head head, int from, int to) throws BadMessageException {
        byte[] bytes = head.bytes();
        int at = Octets.skipValue(bytes, from, to);
        if (at == to) {
            return at;
        }
        if (bytes[at] != '\r') {
            throw BadMessageException.badByte(bytes[at], "the value of a field");
        }
        FieldTable fields = head.fields();
        int start = head.start() + fields.valueStart(fields.count());
        int end = at;
        while (end > start && Octets.isBlank(bytes[end - 1])) {
            end--;
        }
        fields.complete(end - head.start());
        state = State.LINE_FEED;
        return at + 1;
    }

    private int lineFeed(Head head, int at, int to) throws BadMessageException {
        if (at == to) {
            return at;
        }
        if (head.bytes()[at] != '\n') {
            throw BadMessageException.malformed("a carriage return without a line feed");
        }
        state = state == State.LINE_FEED ? State.LINE : State.DONE;
        return at + 1;
    }
}
