package io.github.lbkit.hashing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The result of a {@linkplain Lint check}. Immutable.
 *
 * @param subject the name of the router or function
 * @param slots the number of slots; empty for a router without slots
 * @param reachableSlots the number of slots that some key reaches
 * @param collisionRatio the frequency of two keys in one slot, as a multiple of that of a uniform distribution
 * @param shares the share of each server; empty if a function was checked without servers
 * @param warnings the findings for people; empty if there are none
 */
public record LintReport(
        String subject,
        OptionalInt slots,
        OptionalInt reachableSlots,
        OptionalDouble collisionRatio,
        List<Share> shares,
        List<String> warnings) {
    /** Copies the lists. */
    public LintReport {
        shares = List.copyOf(shares);
        warnings = List.copyOf(warnings);
    }

    /**
     * A server's share of the keys.
     *
     * @param id the id of the server
     * @param actual the share of the keys that the server owns, 0 to 1
     * @param fair the weight of the server divided by the sum of all weights
     */
    public record Share(String id, double actual, double fair) {
        /** The actual share divided by the fair share; 1 for a server of weight 0. */
        public double ratio() {
            return fair == 0 ? 1 : actual / fair;
        }
    }

    /** Returns the report as lines of text for people. */
    public String text() {
        StringBuilder text = new StringBuilder(subject).append('\n');
        if (slots.isPresent()) {
            text.append("  ")
                    .append(reachableSlots.orElse(0))
                    .append(" of ")
                    .append(slots.getAsInt())
                    .append(" slots are reachable\n");
        }
        for (Share share : shares) {
            text.append("  ")
                    .append(share.id())
                    .append(": share ")
                    .append(percent(share.actual()))
                    .append(", fair share ")
                    .append(percent(share.fair()))
                    .append('\n');
        }
        warnings.forEach(warning -> text.append("warning: ").append(warning).append('\n'));
        return text.toString();
    }

    /** Returns a share in percent with two decimals. */
    static String percent(double share) {
        return new BigDecimal(share * 100).setScale(2, RoundingMode.HALF_DOWN) + " %";
    }

    /** Returns a ratio with two decimals. */
    static String times(double ratio) {
        return new BigDecimal(ratio).setScale(2, RoundingMode.HALF_UP) + " times";
    }
}
