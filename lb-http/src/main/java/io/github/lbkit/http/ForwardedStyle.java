package io.github.lbkit.http;

/** The fields by which a proxy reports the client of a request to servers. */
public enum ForwardedStyle {
    /**
     * {@code X-Forwarded-For}, {@code X-Forwarded-Proto} and {@code X-Forwarded-Host}. A {@code Forwarded} field of a
     * trusted proxy is passed on unchanged.
     */
    X_FORWARDED,
    /** {@code Forwarded} (RFC 7239). No {@code X-Forwarded-…} field is passed on. */
    FORWARDED,
    /** Both kinds of fields. The client behind trusted proxies is taken from {@code X-Forwarded-For}. */
    BOTH;

    /** Returns whether {@code Forwarded} is written. */
    public boolean writesForwarded() {
        return this != X_FORWARDED;
    }

    /** Returns whether the {@code X-Forwarded-…} fields are written. */
    public boolean writesXForwarded() {
        return this != FORWARDED;
    }
}
