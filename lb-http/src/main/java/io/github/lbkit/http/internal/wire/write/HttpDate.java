package io.github.lbkit.http.internal.wire.write;

import io.github.lbkit.http.internal.wire.ByteSink;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The value of the Date field (RFC 9110 5.6.7), formatted once per second. The caller supplies the time. Confined to
 * one thread.
 */
public final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final byte[] NAME = "Date: ".getBytes(StandardCharsets.US_ASCII);

    private long second = Long.MIN_VALUE;
    private byte[] value = {};

    /** Returns the value for this second since the epoch. The caller must not change the array. */
    public byte[] value(long epochSecond) {
        if (epochSecond != second) {
            value = FORMAT.format(Instant.ofEpochSecond(epochSecond)).getBytes(StandardCharsets.US_ASCII);
            second = epochSecond;
        }
        return value;
    }

    /** Appends a field line with the date. */
    public void putField(long epochSecond, ByteSink out) {
        out.put(NAME).put(value(epochSecond)).crlf();
    }
}
