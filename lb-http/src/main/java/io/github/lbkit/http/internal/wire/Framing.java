package io.github.lbkit.http.internal.wire;

/**
 * How a message's body is framed (RFC 9112 6.3), as one number: a length from 0 on, or one of the negative constants.
 * Whatever two readers might read in two ways is refused: both framings at once, more than one Content-Length even if
 * they are equal (the reader behind us may count only one of them), any transfer coding but {@code chunked}. Stateless.
 */
public final class Framing {
    /** The body comes in chunks. */
    public static final long CHUNKED = -1;

    /** The body ends with the connection; responses only. */
    public static final long TO_CLOSE = -2;

    /** There is no body, and no field says how long it is. */
    public static final long NONE = -3;

    private Framing() {}

    /** The framing of a request's body: a length, {@link #CHUNKED} or {@link #NONE}. */
    public static long ofRequest(Head head) throws BadMessageException {
        return declared(head);
    }

    /**
     * Returns the framing of a response's body: a length, {@link #CHUNKED}, {@link #TO_CLOSE} or {@link #NONE}. 1xx, 204, 304 and
     * answers to HEAD end at the empty line, whatever their fields say (RFC 9112 6.3).
     *
     * @param toHead whether it answers a HEAD
     */
    public static long ofResponse(Head head, boolean toHead) throws BadMessageException {
        int status = head.status();
        if (toHead || status < 200 || status == 204 || status == 304) {
            return NONE;
        }
        long declared = declared(head);
        return declared == NONE ? TO_CLOSE : declared;
    }

    /**
     * Returns the length that a response without a body tells: that of the response to GET, for an answer to HEAD and for 304. {@link
     * #NONE} if the fields do not say one valid length, and for 1xx and 204, which tell none (RFC 9110 8.6).
     */
    static long told(Head head) {
        if (head.status() < 200 || head.status() == 204) {
            return NONE;
        }
        try {
            long declared = declared(head);
            return declared == CHUNKED ? NONE : declared;
        } catch (BadMessageException ambiguous) {
            return NONE;
        }
    }

    /** Returns whether a 1xx or 204 announces a body, which it cannot have: its server may send one all the same. */
    public static boolean announcesForbiddenBody(Head head) {
        boolean hasNone = head.status() < 200 || head.status() == 204;
        int length = head.find(FieldName.CONTENT_LENGTH);
        return hasNone && (head.find(FieldName.TRANSFER_ENCODING) >= 0 || (length >= 0 && !head.valueIs(length, "0")));
    }

    private static long declared(Head head) throws BadMessageException {
        int coding = head.find(FieldName.TRANSFER_ENCODING);
        int length = head.find(FieldName.CONTENT_LENGTH);
        if (coding >= 0) {
            if (length >= 0) {
                throw BadMessageException.malformed("both Transfer-Encoding and Content-Length");
            }
            return coded(head, coding);
        }
        if (length < 0) {
            return NONE;
        }
        if (head.findNext(FieldName.CONTENT_LENGTH, length + 1) >= 0) {
            throw BadMessageException.malformed("more than one Content-Length");
        }
        return number(head.bytes(), head.valueStart(length), head.valueEnd(length));
    }

    private static long coded(Head head, int coding) throws BadMessageException {
        if (head.versionMinor() == 0) {
            throw BadMessageException.malformed("Transfer-Encoding in HTTP/1.0");
        }
        if (head.findNext(FieldName.TRANSFER_ENCODING, coding + 1) >= 0) {
            throw BadMessageException.malformed("more than one Transfer-Encoding");
        }
        if (!head.valueIs(coding, "chunked")) {
            throw new BadMessageException(501, "a Transfer-Encoding other than chunked");
        }
        return CHUNKED;
    }

    private static long number(byte[] bytes, int from, int to) throws BadMessageException {
        if (from == to) {
            throw BadMessageException.malformed("an empty Content-Length");
        }
        long number = 0;
        for (int at = from; at < to; at++) {
            if (!Octets.isDigit(bytes[at])) {
                throw BadMessageException.badByte(bytes[at], "Content-Length");
            }
            int digit = bytes[at] - '0';
            if (number > (Long.MAX_VALUE - digit) / 10) {
                throw BadMessageException.malformed("a Content-Length of more than 2^63 - 1");
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
