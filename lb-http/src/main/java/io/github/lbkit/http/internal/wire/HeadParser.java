package io.github.lbkit.http.internal.wire;

/**
 * A strict, incremental parser of heads: one for each direction of a connection. It keeps where it stands between calls, so
 * that a head that comes byte by byte is read once, and how its bytes were split never changes what is accepted or why
 * it is refused. Allocates nothing unless a head has very many fields. Confined to one thread; after a {@link
 * BadMessageException} it is of no use until {@link #reset}.
 */
public final class HeadParser {
    /** Bounds what a client may send before a request line. */
    private static final int MAX_EMPTY_LINES = 8;

    private final boolean request;
    private final int maxHead;
    private final StartLine startLine;
    private final FieldLines fieldLines;
    private final Head head = new Head();
    private int skipped;
    private int read;

    /**
     * A parser.
     *
     * @param request whether of requests; else of responses
     * @param maxLine the longest first line in bytes, without its line end
     * @param maxHead the longest head in bytes, the first line and the empty line included
     * @param maxFields the most fields
     */
    public HeadParser(boolean request, int maxLine, int maxHead, int maxFields) {
        this(
                request,
                request ? new RequestLine(maxLine) : new StatusLineReader(maxLine),
                maxHead,
                new FieldLines(request ? Limit.REQUEST_FIELDS : Limit.RESPONSE_FIELDS, maxFields));
    }

    private HeadParser(boolean request, StartLine startLine, int maxHead, FieldLines fieldLines) {
        this.request = request;
        this.startLine = startLine;
        this.maxHead = maxHead;
        this.fieldLines = fieldLines;
    }

    /** A parser of trailer sections, whose limits are those of heads: field lines only. */
    static HeadParser ofTrailers(int maxSection, int maxFields) {
        return new HeadParser(false, new NoStartLine(), maxSection, new FieldLines(Limit.RESPONSE_FIELDS, maxFields));
    }

    /**
     * Reads on. Never looks at a byte behind the empty line.
     *
     * @param from where the head begins; may differ from the last call if the bytes were moved meanwhile
     * @param to where the bytes end that have come
     * @return whether the head is complete: then {@link Head#end} is where the body begins, and what follows stays
     */
    public boolean parse(byte[] bytes, int from, int to) throws BadMessageException {
        if (request && read == 0) {
            skipEmptyLines(bytes, from, to);
        }
        int start = from + skipped;
        head.rebase(bytes, start);
        int limit = Math.min(to, start + maxHead);
        int at = start + read;
        if (!startLine.done()) {
            at = startLine.read(head, at, limit);
        }
        if (startLine.done()) {
            at = fieldLines.read(head, at, limit);
        }
        read = at - start;
        if (!fieldLines.done()) {
            if (read == maxHead) {
                int status = request && !startLine.done() ? 414 : 431;
                throw (request ? Limit.REQUEST_HEAD : Limit.RESPONSE_HEAD).exceeded(status, maxHead);
            }
            return false;
        }
        head.length(read);
        ConnectionFields.read(head);
        if (request) {
            HostField.check(head);
        }
        return true;
    }

    /** Skips the empty lines before a request line (RFC 9112 2.2), up to {@link #MAX_EMPTY_LINES}. */
    private void skipEmptyLines(byte[] bytes, int from, int to) throws BadMessageException {
        while (from + skipped < to) {
            byte expected = (byte) (skipped % 2 == 0 ? '\r' : '\n');
            if (bytes[from + skipped] != expected) {
                if (expected == '\n') {
                    throw BadMessageException.malformed("a carriage return without a line feed");
                }
                return;
            }
            if (skipped == 2 * MAX_EMPTY_LINES) {
                throw BadMessageException.malformed(
                        "more than " + MAX_EMPTY_LINES + " empty lines before the request line");
            }
            skipped++;
        }
    }

    /** The head that was parsed last; its content is complete once {@link #parse} said so, until {@link #reset}. */
    public Head head() {
        return head;
    }

    /** Whether bytes of a head were read since the last reset; an empty line before it does not count. */
    public boolean started() {
        return read > 0;
    }

    /** Back to the start, for the next message. */
    public void reset() {
        startLine.reset();
        fieldLines.reset();
        head.clear();
        skipped = 0;
        read = 0;
    }
}
