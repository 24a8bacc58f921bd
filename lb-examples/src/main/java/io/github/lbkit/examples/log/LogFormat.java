package io.github.lbkit.examples.log;

import java.util.Locale;
import java.util.Optional;

/** The form of the lines of the log. */
public enum LogFormat {
    /** For readers: time, level, the logger's short name, message, and fields that the message does not show. */
    TEXT,
    /** For programs: one JSON object a line. */
    JSON;

    /** Turns a line into text. */
    interface Form {
        /** Appends the line and the end of the line. */
        void append(LogLine line, StringBuilder out);
    }

    /** Returns what makes lines of this form. */
    Form form() {
        return this == TEXT ? new TextForm() : new JsonForm();
    }

    /** Returns the format of this name, in any case. */
    public static Optional<LogFormat> named(String name) {
        for (LogFormat format : values()) {
            if (format.name().equals(name.toUpperCase(Locale.ROOT))) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
