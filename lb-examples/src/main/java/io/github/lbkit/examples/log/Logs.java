package io.github.lbkit.examples.log;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;

/**
 * All loggers of the process, their levels, and their queue to the standard error stream. There is one instance for
 * each process, because SLF4J has one provider. Thread-safe.
 */
public final class Logs implements ILoggerFactory {
    private static final Logs ALL = new Logs();

    private final LogQueue queue = new LogQueue(Logs::print);

    /** The loggers by name; guarded by this object's monitor. */
    private final Map<String, LineLogger> loggers = new TreeMap<>();

    /** The current levels; guarded by this object's monitor. */
    private LogLevels levels = LogLevels.DEFAULTS;

    private Logs() {}

    static Logs all() {
        return ALL;
    }

    /** Selects this provider for SLF4J, if there are others; must be called before the first logger is created. */
    public static void choose() {
        System.setProperty("slf4j.provider", LogProvider.class.getName());
        System.setProperty("slf4j.internal.verbosity", "WARN"); // otherwise SLF4J prints a line about the choice
    }

    /** Sets the format of later lines, and the levels of the loggers. */
    public static void configure(LogFormat format, LogLevels levels) {
        ALL.set(format, levels);
    }

    /** Waits up to this time until the lines so far are written; to be called before the process ends. */
    public static void flush(Duration within) {
        ALL.queue.flush(within.toNanos());
    }

    private synchronized void set(LogFormat format, LogLevels newest) {
        queue.form(format.form());
        levels = newest;
        loggers.values().forEach(logger -> logger.least(newest.least(logger.getName())));
    }

    @Override
    public synchronized Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, n -> new LineLogger(n, queue, levels.least(n)));
    }

    private static void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.err.write(bytes, 0, bytes.length);
        System.err.flush();
    }
}
