package io.github.lbkit.http.internal.wire.body;

import io.github.lbkit.http.internal.wire.BadMessageException;
import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import io.github.lbkit.http.internal.wire.Octets;

/**
 * The framing of a message's body (RFC 9112 6.3), as one number: a length from 0 on, or one of the negative constants.
 * Refuses framing that two parsers may understand in different ways: both framings at once, any transfer coding other
 * than {@code chunked}, and more than one Content-Length. Equal Content-Lengths are refused too, because the next
 * parser may count only one of them. Stateless.
 */
public final class Framing {
    /** The body is chunked. */
    public static final long CHUNKED = -1;

    /** The body ends when the connection is closed; responses only. */
    public static final long TO_CLOSE = -2;

    /** There is no body, and no field has its length. */
    public static final long NONE = -3;

    private Framing() {}

    /** Returns the framing of a request's body: a length, {@link #CHUNKED} or {@link #NONE}. */
    public static long ofRequest(Head head) throws BadMessageException {
        return declared(head);
    }

    /**
     * Returns the framing of a response's body: a length, {@link #CHUNKED}, {@link #TO_CLOSE} or {@link #NONE}.
     * Responses with 1xx, 204 and 304 and responses to HEAD have no body, even if their fields announce one (RFC 9112
     * 6.3).
     *
     * @param toHead whether the response answers a HEAD
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
     * Returns the Content-Length of a response without a body: of a response to HEAD and of 304, it is the length that
     * the response to GET would have. {@link #NONE} if there is no valid length, and for 1xx and 204 (RFC 9110 8.6).
     */
    public static long announcedLength(Head head) {
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

    /** Returns whether a 1xx or 204 announces a body. It cannot have one, but its server may send one nevertheless. */
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
