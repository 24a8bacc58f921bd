package io.github.lbkit.api.health;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * When a server is taken out for a while because of what its traffic showed, and when it may come back. Immutable.
 *
 * <p>After its time, one attempt is let through (half-open): if it succeeds the server is back, else it is out again for
 * longer. What a client does wrong and what a caller gives up never counts.
 *
 * @param consecutiveFailures so many failures in a row eject; 5 by default
 * @param failureRatio this share of failures among the attempts of the window ejects, above 0 to 1; 0.5 by default
 * @param minVolume so many attempts the window must have for the ratio to count; 20 by default
 * @param window how far back the ratio looks; 10 seconds by default
 * @param latencyFactor a mean time to the first byte above this multiple of the pool's median ejects, above 1; absent by
 *     default
 * @param base how long the first ejection lasts; each further one lasts as much longer; 5 seconds by default
 * @param cap the longest ejection; 5 minutes by default
 * @param maxShare the greatest share of the ready servers that may be out at once, 0 to 1; 0.5 by default
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
        require("cap", cap, cap.compareTo(base) >= 0, "base or more");
        require("maxShare", maxShare, maxShare >= 0 && maxShare <= 1, "0 to 1");
    }

    private static void require(String name, Object value, boolean ok, String allowed) {
        if (!ok) {
            throw new IllegalArgumentException("ejection " + name + " " + value + " is not " + allowed);
        }
    }
}
