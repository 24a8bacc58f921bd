package io.github.lbkit.examples.log;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/**
 * A logger whose lines keep the key-value pairs of their events. Thread-safe; blocks only as {@link LogQueue}
 * describes.
 */
@SuppressWarnings("serial") // SLF4J serializes a logger as its name
final class LineLogger extends LegacyAbstractLogger implements LoggingEventAware {
    private static final long serialVersionUID = 1;

    private final transient LogQueue queue;

    /** The lowest level that is written. Written by the thread that sets levels, read by all threads that log. */
    private volatile int least;

    LineLogger(String name, LogQueue queue, int least) {
        this.name = name;
        this.queue = queue;
        this.least = least;
    }

    void least(int value) {
        least = value;
    }

    @Override
    public void log(LoggingEvent event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> fields.put(pair.key, kept(pair.value)));
        }
        write(event.getLevel(), event.getMessage(), event.getArgumentArray(), event.getThrowable(), fields);
    }

    /** Returns a copy of a value as text, because the value may change before the line is written. */
    private static Object kept(@Nullable Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, String> copy = new LinkedHashMap<>();
            map.forEach((name, part) -> copy.put(String.valueOf(name), String.valueOf(part)));
            return copy;
        }
        return String.valueOf(value);
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String message,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        write(level, message, arguments, thrown, Map.of());
    }

    private void write(
            Level level,
            @Nullable String message,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown,
            Map<String, Object> fields) {
        String text = message == null ? "" : MessageFormatter.basicArrayFormat(message, arguments);
        queue.add(new LogLine(
                System.currentTimeMillis(), level, name, Thread.currentThread().getName(), text, fields, thrown));
    }

    private boolean writes(Level level) {
        return level.toInt() >= least;
    }

    @Override
    public boolean isTraceEnabled() {
        return writes(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return writes(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return writes(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return writes(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return writes(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }
}
