package io.github.lbkit.examples.log;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * One line of the log before it is written. Immutable.
 *
 * @param millis the time in milliseconds since 1970
 * @param logger the name of the logger
 * @param thread the name of the thread
 * @param message the message with its arguments
 * @param fields the fields of the event by name, in the order of the event
 */
record LogLine(
        long millis,
        Level level,
        String logger,
        String thread,
        String message,
        Map<String, Object> fields,
        @Nullable Throwable thrown) {
    private static final int OVERHEAD = 128;
    private static final int FIELD = 32;
    private static final int STACK = 4096;

    /** Returns the approximate size of the line, in characters. */
    int size() {
        return message.length() + OVERHEAD + FIELD * fields.size() + (thrown == null ? 0 : STACK);
    }

    boolean isWarning() {
        return level.toInt() >= Level.WARN.toInt();
    }
}
