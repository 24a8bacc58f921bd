package io.github.lbkit.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a cell of the reference says is allowed: the values at its ends, and those just beyond. Immutable.
 *
 * @param allowed must be taken
 * @param refused must not
 */
record Range(List<Object> allowed, List<Object> refused) {
    private static final Pattern CELL = Pattern.compile("(?<above>above )?(?<low>[0-9.]+(?: (?:ms|s|d))?|zero|positive)"
            + "(?: to (?<below>below )?(?<high>[0-9.]+(?: (?:ms|s|d))?)| or more)?");

    static Range of(String cell, Class<?> type) {
        Matcher matcher = CELL.matcher(cell);
        if (!matcher.matches()) {
            throw new AssertionError("'" + cell + "' is not a range; words for people stand in italics");
        }
        boolean time = cell.matches(".*(zero|positive| ms| s| d).*");
        boolean whole = type == int.class || type == long.class;
        double step = time || whole ? 1 : 1e-9; // of time: a nanosecond
        String word = matcher.group("low");
        double low = word.equals("zero") || word.equals("positive") ? 0 : number(word);
        boolean open = matcher.group("above") != null || word.equals("positive");
        List<Object> allowed = new ArrayList<>();
        List<Object> refused = new ArrayList<>();
        allowed.add(value(open ? low + step : low, type));
        refused.add(value(open ? low : low - step, type));
        if (matcher.group("high") != null) {
            double high = number(matcher.group("high"));
            boolean below = matcher.group("below") != null;
            allowed.add(value(below ? high - step : high, type));
            refused.add(value(below ? high : high + (time ? 1e9 : step), type));
        }
        return new Range(allowed, refused);
    }

    /** Times in nanoseconds. */
    private static double number(String text) {
        String[] parts = text.split(" ", -1);
        double number = Double.parseDouble(parts[0]);
        if (parts.length == 1) {
            return number;
        }
        return number
                * switch (parts[1]) {
                    case "ms" -> 1e6;
                    case "s" -> 1e9;
                    case "d" -> 86_400e9;
                    default -> throw new AssertionError(text);
                };
    }

    private static Object value(double number, Class<?> type) {
        if (type == int.class) {
            return (int) number;
        } else if (type == long.class) {
            return (long) number;
        } else if (type == double.class) {
            return number;
        } else if (type == Duration.class) {
            return Duration.ofNanos((long) number);
        } else if (type == Optional.class) {
            return Optional.of(Duration.ofNanos((long) number));
        } else if (type == OptionalDouble.class) {
            return OptionalDouble.of(number);
        }
        throw new AssertionError("no range of " + type);
    }
}
