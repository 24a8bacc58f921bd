package io.github.lbkit.examples.log;

import java.util.Locale;
import java.util.Optional;

/** The formats of the log. */
public enum LogFormat {
    /** Text for people: time, level, short logger name, message, and the fields that the message does not contain. */
    TEXT,
    /** JSON for programs, one object for each line. */
    JSON;

    /** A writer of lines in one format. */
    interface Form {
        /** Appends a line and its line break. */
        void append(LogLine line, StringBuilder out);
    }

    /** Returns the writer of this format. */
    Form form() {
        return this == TEXT ? new TextForm() : new JsonForm();
    }

    /** Returns the format with this name, ignoring case. */
    public static Optional<LogFormat> named(String name) {
        for (LogFormat format : values()) {
            if (format.name().equals(name.toUpperCase(Locale.ROOT))) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
