package io.github.lbkit.http.internal.wire;

/**
 * A strict, incremental parser of heads, one for each direction of a connection. The parser keeps its position between
 * calls: it reads each byte once, and the way in which the input was split never changes the result. It allocates
 * memory only for heads with very many fields. Confined to one thread. After a {@link BadMessageException},
 * {@link #reset} must be called first.
 */
public final class HeadParser {
    /** The most empty lines that a client may send before a request line. */
    private static final int MAX_EMPTY_LINES = 8;

    private final boolean request;
    private final int maxHead;
    private final StartLine startLine;
    private final FieldLines fieldLines;
    private final Head head = new Head();
    private int skipped;
    private int read;

    /**
     * Creates a parser.
     *
     * @param request true for requests, false for responses
     * @param maxLine the longest first line in bytes, without its line end
     * @param maxHead the longest head in bytes, including the first line and the empty line
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

    /**
     * Returns a parser of trailer sections, which consist of field lines only. The limits are the same as those of
     * heads.
     */
    public static HeadParser ofTrailers(int maxSection, int maxFields) {
        return new HeadParser(false, new NoStartLine(), maxSection, new FieldLines(Limit.RESPONSE_FIELDS, maxFields));
    }

    /**
     * Continues parsing. Never reads a byte after the empty line.
     *
     * @param from the start of the head; may differ from the last call if the bytes were moved
     * @param to the end of the bytes that have arrived
     * @return whether the head is complete; then {@link Head#end} is the start of the body
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

    /** Skips up to {@link #MAX_EMPTY_LINES} empty lines before a request line (RFC 9112 2.2). */
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

    /**
     * Returns the head that was parsed last. It is complete once {@link #parse} has returned true, until
     * {@link #reset}.
     */
    public Head head() {
        return head;
    }

    /** Returns whether bytes of a head were read since the last reset. Empty lines before the head do not count. */
    public boolean started() {
        return read > 0;
    }

    /** Prepares the parser for the next message. */
    public void reset() {
        startLine.reset();
        fieldLines.reset();
        head.clear();
        skipped = 0;
        read = 0;
    }
}
