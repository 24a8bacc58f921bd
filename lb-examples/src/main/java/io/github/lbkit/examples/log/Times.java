package io.github.lbkit.examples.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time format of log lines: ISO 8601 with milliseconds and the offset of this machine's time zone. Stateless. */
final class Times {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    private Times() {}

    static String text(long millis) {
        return FORMAT.format(Instant.ofEpochMilli(millis));
    }
}
