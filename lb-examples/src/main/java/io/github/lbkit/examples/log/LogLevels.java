package io.github.lbkit.examples.log;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.event.Level;

/**
 * The lowest level that each logger writes. The defaults are INFO for the loggers of lbkit and WARN for those of
 * libraries. A setting covers a logger and all loggers below its name; the longest matching name counts. Immutable.
 */
public final class LogLevels {
    /** The default levels. */
    public static final LogLevels DEFAULTS = of(List.of());

    /** The allowed settings, for error messages. */
    public static final String ALLOWED =
            "LEVEL, or LOGGER=LEVEL such as io.github.lbkit.http=debug; a LEVEL is trace, debug, info, warn, error or"
                    + " off";

    private static final String OWN = "io.github.lbkit";

    /** A number above those of all levels. */
    private static final int OFF = Integer.MAX_VALUE;

    private final Map<String, Integer> levels;

    private LogLevels(Map<String, Integer> levels) {
        this.levels = levels;
    }

    /**
     * Returns the levels of these settings. If two settings name the same logger, the later one counts. A LEVEL without
     * a logger sets the level of lbkit's loggers; libraries then write this level too, but nothing below WARN.
     *
     * @throws IllegalArgumentException if a setting is not {@link #ALLOWED}
     */
    public static LogLevels of(List<String> settings) {
        Map<String, Integer> levels = new TreeMap<>();
        levels.put("", Level.WARN.toInt());
        levels.put(OWN, Level.INFO.toInt());
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            int level = level(setting.substring(equals + 1)).orElseThrow(() -> new IllegalArgumentException(setting));
            if (equals >= 0) {
                String logger = setting.substring(0, equals).strip();
                if (logger.isEmpty()) {
                    throw new IllegalArgumentException(setting);
                }
                levels.put(logger, level);
            } else {
                levels.put(OWN, level);
                levels.put("", Math.max(level, Level.WARN.toInt()));
            }
        }
        return new LogLevels(levels);
    }

    private static Optional<Integer> level(String name) {
        String upper = name.strip().toUpperCase(Locale.ROOT);
        if (upper.equals("OFF")) {
            return Optional.of(OFF);
        }
        for (Level level : Level.values()) {
            if (level.name().equals(upper)) {
                return Optional.of(level.toInt());
            }
        }
        return Optional.empty();
    }

    /** Returns the number of the lowest level that this logger writes. */
    int least(String logger) {
        for (String name = logger; ; name = name.substring(0, Math.max(0, name.lastIndexOf('.')))) {
            Integer level = levels.get(name);
            if (level != null) {
                return level;
            }
        }
    }
}
