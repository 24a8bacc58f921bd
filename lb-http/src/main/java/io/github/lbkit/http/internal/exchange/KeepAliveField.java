package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.internal.wire.FieldName;
import io.github.lbkit.http.internal.wire.Head;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code Keep-Alive} field of responses: the time for which a server keeps an unused connection. Stateless. */
final class KeepAliveField {
    private static final Pattern TIMEOUT =
            Pattern.compile("(?i)(?:^|[,\\s])timeout\\s*=\\s*\"?(\\d{1,9})\"?(?:[,\\s]|$)");

    private KeepAliveField() {}

    /** Returns the {@code timeout} parameter in nanoseconds; 0 if there is none, and 1 for a timeout of 0. */
    static long timeoutNanos(Head head) {
        int field = head.find(FieldName.KEEP_ALIVE);
        if (field < 0) {
            return 0;
        }
        Matcher parameter = TIMEOUT.matcher(head.value(field));
        return parameter.find()
                ? Math.max(
                        1,
                        Duration.ofSeconds(Long.parseLong(parameter.group(1))).toNanos())
                : 0;
    }
}
