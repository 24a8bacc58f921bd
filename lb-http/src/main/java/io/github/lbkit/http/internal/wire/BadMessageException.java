package io.github.lbkit.http.internal.wire;

import org.jspecify.annotations.Nullable;

/**
 * An exception for a message that breaks a rule of HTTP/1.1 or exceeds a limit. It has no stack trace, because invalid
 * input is an ordinary outcome of parsing. After this exception, no further byte of the connection may be parsed.
 */
public final class BadMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable Limit limit;

    /**
     * Creates the exception.
     *
     * @param status the status of the answer to a bad request; a bad response is always answered with 502
     * @param reason the broken rule, without any bytes of the peer
     */
    public BadMessageException(int status, String reason) {
        this(status, reason, null);
    }

    BadMessageException(int status, String reason, @Nullable Limit limit) {
        super(reason, null, false, false);
        this.status = status;
        this.limit = limit;
    }

    /** Returns the exception for a message that breaks the grammar. */
    public static BadMessageException malformed(String reason) {
        return new BadMessageException(400, reason);
    }

    /** Returns the exception for a byte that is not allowed at its position. The message shows the byte as a number. */
    public static BadMessageException badByte(int b, String where) {
        return malformed(String.format("0x%02x in %s", b & 0xff, where));
    }

    /**
     * Returns the status of the answer to a bad request: 400, 414, 417, 431, 501, 505 or 508. A bad response is
     * answered with 502.
     */
    public int status() {
        return status;
    }

    /** Returns the limit that the message exceeds; null if the message breaks another rule. */
    public @Nullable Limit limit() {
        return limit;
    }

    /** Returns the broken rule for logs, in printable characters and without any bytes of the peer. */
    public String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
