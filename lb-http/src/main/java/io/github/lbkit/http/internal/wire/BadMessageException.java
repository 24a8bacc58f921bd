package io.github.lbkit.http.internal.wire;

import org.jspecify.annotations.Nullable;

/**
 * A message that breaks a rule of HTTP/1.1 or a limit. Carries no stack trace: it is an outcome of reading what strangers
 * send. After it, nothing more of the connection can be trusted.
 */
public final class BadMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable Limit limit;

    /**
     * A bad message.
     *
     * @param status what a bad request is answered with; a bad response is 502 to its client, whatever this says
     * @param reason which rule was broken; never the peer's own bytes
     */
    public BadMessageException(int status, String reason) {
        this(status, reason, null);
    }

    BadMessageException(int status, String reason, @Nullable Limit limit) {
        super(reason, null, false, false);
        this.status = status;
        this.limit = limit;
    }

    /** A message that breaks the grammar. */
    static BadMessageException malformed(String reason) {
        return new BadMessageException(400, reason);
    }

    /** A byte that may not stand where it does; it is named by its number. */
    static BadMessageException badByte(int b, String where) {
        return malformed(String.format("0x%02x in %s", b & 0xff, where));
    }

    /** What a bad request is answered with: 400, 414, 417, 431, 501, 505 or 508. A bad response is 502 to its client. */
    public int status() {
        return status;
    }

    /** Returns the limit that the message exceeds; null if it breaks another rule. */
    public @Nullable Limit limit() {
        return limit;
    }

    /** Which rule was broken, for logs: printable, and without the peer's own bytes. */
    public String reason() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
