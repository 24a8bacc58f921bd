package io.github.lbkit.hashing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What {@link Lint} found. Immutable.
 *
 * @param subject what was looked at
 * @param slots how many slots there are; empty for a router without slots
 * @param reachableSlots how many of them some key reaches
 * @param clustering how often two keys meet in one slot, compared with keys that are spread evenly: 1 is even
 * @param shares what each server expects; empty if only a function was looked at
 * @param warnings what people should know before they use it, in words; empty if nothing is wrong
 */
public record LintReport(
        String subject,
        OptionalInt slots,
        OptionalInt reachableSlots,
        OptionalDouble clustering,
        List<Share> shares,
        List<String> warnings) {
    /** Copies. */
    public LintReport {
        shares = List.copyOf(shares);
        warnings = List.copyOf(warnings);
    }

    /**
     * A server's share of the keys.
     *
     * @param id the server
     * @param expected the share that it gets, 0 to 1
     * @param fair the share that its weight is of all weights
     */
    public record Share(String id, double expected, double fair) {
        /** How many times its fair share it gets; 1 if it has no weight and gets nothing. */
        public double ratio() {
            return fair == 0 ? 1 : expected / fair;
        }
    }

    /** All of it as lines for people. */
    public String text() {
        StringBuilder text = new StringBuilder(subject).append('\n');
        if (slots.isPresent()) {
            text.append("  ")
                    .append(reachableSlots.orElse(0))
                    .append(" of ")
                    .append(slots.getAsInt())
                    .append(" slots can be reached\n");
        }
        for (Share share : shares) {
            text.append("  ")
                    .append(share.id())
                    .append(" expects ")
                    .append(percent(share.expected()))
                    .append(", fair is ")
                    .append(percent(share.fair()))
                    .append('\n');
        }
        warnings.forEach(warning -> text.append("warning: ").append(warning).append('\n'));
        return text.toString();
    }

    /** With two decimals. */
    static String percent(double share) {
        return new BigDecimal(share * 100).setScale(2, RoundingMode.HALF_DOWN) + " %";
    }

    /** With two decimals. */
    static String times(double ratio) {
        return new BigDecimal(ratio).setScale(2, RoundingMode.HALF_UP) + " times";
    }
}
