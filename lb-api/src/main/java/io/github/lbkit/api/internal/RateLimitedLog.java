package io.github.lbkit.api.internal;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A log that writes at most one line per subject, kind and minute: the first line at once; later lines of the same
 * minute are dropped. The next written line tells the number of dropped lines. Thread-safe; logs outside its lock.
 * Its methods never throw: a line that the log cannot write, such as the stack trace of an exception whose message
 * throws, is replaced by a line with its subject and kind.
 *
 * <p>The number of remembered subjects is bounded. When more than {@value #MOST_SUBJECTS} (subject, kind) pairs have
 * written a line within one minute, further pairs share one entry and so one line a minute.
 */
public final class RateLimitedLog {
    /** The maximum number of remembered (subject, kind) pairs. */
    static final int MOST_SUBJECTS = 1024;

    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
    private static final Key OTHERS = new Key("", "");

    private final Logger log;
    private final LongSupplier nanoTime;

    /** The entries in the order of their last line, oldest first. Guarded by this object's monitor. */
    private final Map<Key, Entry> entries = new LinkedHashMap<>();

    private record Key(String subject, String kind) {}

    private record Entry(long lineNanos, long leftOut) {}

    /**
     * Creates a log without any line.
     *
     * @param log the logger that gets the lines
     * @param nanoTime the clock, such as {@code scheduler::nanoTime}
     */
    public RateLimitedLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    /**
     * Writes a line at INFO, unless this subject and kind have had a line within the last minute.
     *
     * @param subject the server, pool or class that the line is about
     * @param kind the kind of line, one of a few constants, such as {@code "lost"}
     * @param message the line, with <code>{}</code> for each argument
     * @return whether the line was written
     */
    public boolean info(String subject, String kind, String message, Object... args) {
        return write(subject, kind, () -> log.atLevel(Level.INFO), message, args);
    }

    /** Writes a line at WARN, under the same conditions as {@link #info}. */
    public boolean warn(String subject, String kind, String message, Object... args) {
        return write(subject, kind, () -> log.atLevel(Level.WARN), message, args);
    }

    /** Writes a line at ERROR with the stack trace of its cause, under the same conditions as {@link #info}. */
    public boolean error(String subject, String kind, Throwable cause, String message, Object... args) {
        return write(
                subject, kind, () -> log.atLevel(Level.ERROR).setCause(ThrownText.printable(cause)), message, args);
    }

    /**
     * Begins a line with fields for structured logs: {@code event} is the kind, and {@link Line#with} adds others. The
     * message must contain all fields, since not every log shows them.
     */
    public Line at(Level level, String subject, String kind) {
        return new Line(subject, kind, log.atLevel(level).addKeyValue("event", kind));
    }

    /** A line that is not written yet. Not thread-safe. */
    public final class Line {
        private final String subject;
        private final String kind;
        private LoggingEventBuilder event;

        private Line(String subject, String kind, LoggingEventBuilder event) {
            this.subject = subject;
            this.kind = kind;
            this.event = event;
        }

        /** Adds a field. */
        public Line with(String name, Object value) {
            event = event.addKeyValue(name, value);
            return this;
        }

        /**
         * Writes the line, under the same conditions as {@link RateLimitedLog#info}; returns whether it was written.
         */
        public boolean log(String message, Object... args) {
            return write(subject, kind, () -> event, message, args);
        }
    }

    private boolean write(
            String subject, String kind, Supplier<LoggingEventBuilder> admitted, String message, Object[] args) {
        long leftOut = admit(new Key(subject, kind));
        if (leftOut < 0) {
            return false;
        }
        LoggingEventBuilder line = admitted.get();
        for (Object arg : args) {
            line = line.addArgument(arg);
        }
        try {
            if (leftOut == 0) {
                line.log(message);
            } else {
                line.addArgument(leftOut).log(message + " ({} more such lines were left out before this one)");
            }
        } catch (Throwable e) { // from the log, or from an exception of others that it tried to print
            unwritable(subject, kind, e);
        }
        return true;
    }

    /** Writes a shorter line in place of a line that the log could not write. */
    private void unwritable(String subject, String kind, Throwable failure) {
        try {
            log.error(
                    "{}: a line of kind {} cannot be written: {}",
                    subject,
                    kind,
                    failure.getClass().getName());
        } catch (Throwable e) { // the log itself is broken: the line is lost, and the caller goes on
            failure.addSuppressed(e);
        }
    }

    /** Returns how many lines were left out since the last one, or -1 if this line is to be left out too. */
    private synchronized long admit(Key wanted) {
        long now = nanoTime.getAsLong();
        Key key = wanted;
        if (!entries.containsKey(key) && entries.size() >= MOST_SUBJECTS) {
            forgetOld(now);
            key = entries.size() >= MOST_SUBJECTS ? OTHERS : key;
        }
        Entry entry = entries.get(key);
        if (entry != null && now - entry.lineNanos < WINDOW_NANOS) {
            entries.put(key, new Entry(entry.lineNanos, entry.leftOut + 1));
            return -1;
        }
        entries.remove(key);
        entries.put(key, new Entry(now, 0));
        return entry == null ? 0 : entry.leftOut;
    }

    private void forgetOld(long now) {
        Iterator<Entry> oldestFirst = entries.values().iterator();
        while (oldestFirst.hasNext() && now - oldestFirst.next().lineNanos >= WINDOW_NANOS) {
            oldestFirst.remove();
        }
    }

    /** Returns how many (subject, kind) pairs are remembered, for tests. */
    synchronized int remembered() {
        return entries.size();
    }
}
