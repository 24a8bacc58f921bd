package io.github.lbkit.http.internal.h1;

import io.github.lbkit.http.internal.wire.write.CertificateField;
import org.jspecify.annotations.Nullable;

/**
 * The settings that concern clients over TLS. Immutable.
 *
 * @param handshakeNanos the timeout of a handshake from the accepted connection on, in nanoseconds
 * @param hstsSeconds the max-age of the Strict-Transport-Security field of responses, in seconds; negative for none
 * @param certificateField the field that names the client's certificate to servers; null for none
 */
public record Http1Security(
        long handshakeNanos, long hstsSeconds, @Nullable CertificateField certificateField) {
    /** The settings of a proxy without TLS towards clients. */
    public static final Http1Security NONE = new Http1Security(0, -1, null);
}
