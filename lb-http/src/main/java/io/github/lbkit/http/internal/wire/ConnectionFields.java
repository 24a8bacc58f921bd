package io.github.lbkit.http.internal.wire;

/**
 * The rules of the Connection fields of a head: whether the connection persists, and which other fields apply to this
 * connection only (RFC 9110 7.6.1). Stateless; the parsed options are kept in the head.
 */
public final class ConnectionFields {
    /** Limits the work of comparing each field with each option. */
    private static final int MAX_OPTIONS = 64;

    private ConnectionFields() {}

    /** Returns whether the sender keeps the connection open after this message (RFC 9112 9.3). */
    public static boolean keepAlive(Head head) {
        int flags = head.optionFlags();
        if ((flags & Head.CLOSE) != 0) {
            return false;
        }
        return head.versionMinor() > 0 || (flags & Head.KEEP_ALIVE) != 0;
    }

    /** Returns whether Connection has the option {@code upgrade}, without which Upgrade fields have no effect. */
    public static boolean upgrades(Head head) {
        return (head.optionFlags() & Head.UPGRADE) != 0;
    }

    /** Returns whether Connection lists the field, so that the field must not be forwarded. */
    public static boolean lists(Head head, int field) {
        if ((head.optionFlags() & Head.NAMES_FIELDS) == 0) {
            return false;
        }
        byte[] bytes = head.bytes();
        for (int i = head.find(FieldName.CONNECTION); i >= 0; i = head.findNext(FieldName.CONNECTION, i + 1)) {
            int end = head.valueEnd(i);
            int at = firstOption(bytes, head.valueStart(i), end);
            while (at < end) {
                int optionEnd = Octets.skip(bytes, at, end, Octets.TOKEN);
                if (Octets.equalsIgnoreCase(bytes, at, optionEnd, head.nameStart(field), head.nameEnd(field))) {
                    return true;
                }
                at = firstOption(bytes, optionEnd, end);
            }
        }
        return false;
    }

    /** Reads all Connection fields of a complete head into its flags. Refuses fields that are not lists of tokens. */
    static void read(Head head) throws BadMessageException {
        int options = 0;
        int flags = 0;
        byte[] bytes = head.bytes();
        for (int i = head.find(FieldName.CONNECTION); i >= 0; i = head.findNext(FieldName.CONNECTION, i + 1)) {
            int end = head.valueEnd(i);
            int at = firstOption(bytes, head.valueStart(i), end);
            while (at < end) {
                int optionEnd = Octets.skip(bytes, at, end, Octets.TOKEN);
                checkSeparator(bytes, at, optionEnd, end);
                if (++options > MAX_OPTIONS) {
                    throw new BadMessageException(431, "more than " + MAX_OPTIONS + " options in Connection");
                }
                flags |= flag(bytes, at, optionEnd);
                at = firstOption(bytes, optionEnd, end);
            }
        }
        head.optionFlags(flags);
    }

    private static int flag(byte[] bytes, int from, int to) {
        if (Octets.equalsIgnoreCase(bytes, from, to, "close")) {
            return Head.CLOSE;
        }
        if (Octets.equalsIgnoreCase(bytes, from, to, "keep-alive")) {
            return Head.KEEP_ALIVE;
        }
        return Octets.equalsIgnoreCase(bytes, from, to, "upgrade")
                ? Head.NAMES_FIELDS | Head.UPGRADE
                : Head.NAMES_FIELDS;
    }

    /** Checks that an option is followed, after optional blanks, by a comma or the end of the value. */
    private static void checkSeparator(byte[] bytes, int from, int optionEnd, int end) throws BadMessageException {
        int at = optionEnd;
        while (at < end && Octets.isBlank(bytes[at])) {
            at++;
        }
        if (optionEnd == from || (at < end && bytes[at] != ',')) {
            throw BadMessageException.malformed("a Connection that is not a list of tokens");
        }
    }

    private static int firstOption(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && (bytes[at] == ',' || Octets.isBlank(bytes[at]))) {
            at++;
        }
        return at;
    }
}
