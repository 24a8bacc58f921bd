package io.github.lbkit.api.health;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * The rules by which a server is taken out for a while because of what its traffic showed, and comes back. Immutable.
 *
 * <p>After its time, one attempt is let through as a trial. The first byte of its response brings the server back; if the
 * attempt fails, the server is out again for longer. A trial that is undecided after {@code base} gives way to another. The
 * attempts of clients that went wrong, and those that callers give up, never count; neither do attempts that began before the
 * server came back.
 *
 * <p>Shares are counted over the servers that could serve: ready, with a weight above 0, without an operator's override. When
 * too few of them remain for those that are out, the ejection that would end first ends at once.
 *
 * @param consecutiveFailures the number of failures in a row that ejects; 5 by default
 * @param failureRatio the share of failures among the attempts of the window that ejects, above 0 to 1; 0.5 by default
 * @param minVolume the number of attempts in the window from which the ratio and the latency count; 20 by default
 * @param window how far back the ratio and the latency look; 10 seconds by default
 * @param latencyFactor the multiple of the pool's median above which a mean time to the first byte ejects, above 1; absent by
 *     default. The mean is that of the newest seconds that have {@code minVolume} latencies; that of the last second must be
 *     above it too
 * @param base the length of the first ejection; each further one lasts as much longer; 5 seconds by default
 * @param cap the longest ejection, at most 365 days; 5 minutes by default
 * @param maxShare the greatest share of the servers that could serve that may be out at once, 0 to 1; 0.5 by default. The last
 *     server is never ejected
 */
public record Ejection(
        int consecutiveFailures,
        double failureRatio,
        int minVolume,
        Duration window,
        OptionalDouble latencyFactor,
        Duration base,
        Duration cap,
        double maxShare) {
    private static final Duration LONGEST = Duration.ofDays(365);

    /** The defaults. */
    public static final Ejection DEFAULTS = new Ejection(
            5,
            0.5,
            20,
            Duration.ofSeconds(10),
            OptionalDouble.empty(),
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            0.5);

    /** Checks. */
    public Ejection {
        require("consecutiveFailures", consecutiveFailures, consecutiveFailures >= 1, "1 or more");
        require("failureRatio", failureRatio, failureRatio > 0 && failureRatio <= 1, "above 0 to 1");
        require("minVolume", minVolume, minVolume >= 1, "1 or more");
        require("window", window, window.compareTo(Duration.ofMillis(100)) >= 0, "100 ms or more");
        latencyFactor.ifPresent(f -> require("latencyFactor", f, f > 1, "above 1"));
        require("base", base, !base.isNegative() && !base.isZero(), "positive");
        require("cap", cap, cap.compareTo(base) >= 0 && cap.compareTo(LONGEST) <= 0, "base to 365 days");
        require("maxShare", maxShare, maxShare >= 0 && maxShare <= 1, "0 to 1");
    }

    private static void require(String name, Object value, boolean ok, String allowed) {
        if (!ok) {
            throw new IllegalArgumentException("ejection " + name + " " + value + " is not " + allowed);
        }
    }
}
