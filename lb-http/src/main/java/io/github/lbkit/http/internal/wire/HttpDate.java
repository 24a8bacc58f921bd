package io.github.lbkit.http.internal.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of Date (RFC 9110 5.6.7), made anew once a second. The time is the caller's. Confined to one thread. */
public final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final byte[] NAME = "Date: ".getBytes(StandardCharsets.US_ASCII);

    private long second = Long.MIN_VALUE;
    private byte[] value = {};

    /** The value for this second since the epoch; the caller must not write into it. */
    public byte[] value(long epochSecond) {
        if (epochSecond != second) {
            value = FORMAT.format(Instant.ofEpochSecond(epochSecond)).getBytes(StandardCharsets.US_ASCII);
            second = epochSecond;
        }
        return value;
    }

    /** Puts a field line with the date. */
    public void putField(long epochSecond, ByteSink out) {
        out.put(NAME).put(value(epochSecond)).crlf();
    }
}
