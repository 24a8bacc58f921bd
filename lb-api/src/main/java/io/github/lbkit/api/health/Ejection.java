package io.github.lbkit.api.health;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * The rules of ejection: when a server is excluded for a while because of its observed traffic, and when it returns.
 * Immutable.
 *
 * <p>When the time of an ejection is over, one attempt is admitted as a trial. The first byte of the response ends the
 * ejection; a failure of the trial ejects the server again, for longer. A trial that is undecided after {@link #base}
 * gives way to another trial. Attempts that clients or callers give up do not count, nor do attempts that began before
 * the server returned.
 *
 * <p>Shares are counted over the eligible servers: ready, with a weight above 0, without an operator's override. When
 * too few eligible servers remain, the ejection that would end first ends at once.
 *
 * <pre>{@code
 * Ejection ejection = Ejection.builder().consecutiveFailures(3).maxShare(0.3).build();
 * }</pre>
 */
public final class Ejection {
    /** The defaults, as named at the builder's methods. */
    public static final Ejection DEFAULTS = builder().build();

    private final int consecutiveFailures;
    private final double failureRatio;
    private final int minVolume;
    private final Duration window;
    private final OptionalDouble latencyFactor;
    private final Duration base;
    private final Duration cap;
    private final double maxShare;

    private Ejection(Builder builder) {
        consecutiveFailures = builder.consecutiveFailures;
        failureRatio = builder.failureRatio;
        minVolume = builder.minVolume;
        window = builder.window;
        latencyFactor = builder.latencyFactor;
        base = builder.base;
        cap = builder.cap;
        maxShare = builder.maxShare;
    }

    /** Returns a builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns a builder with these settings. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.consecutiveFailures = consecutiveFailures;
        builder.failureRatio = failureRatio;
        builder.minVolume = minVolume;
        builder.window = window;
        builder.latencyFactor = latencyFactor;
        builder.base = base;
        builder.cap = cap;
        builder.maxShare = maxShare;
        return builder;
    }

    /** The number of consecutive failures that ejects a server. */
    public int consecutiveFailures() {
        return consecutiveFailures;
    }

    /** The share of failures among the attempts of the window that ejects a server. */
    public double failureRatio() {
        return failureRatio;
    }

    /** The minimum number of attempts in the window for {@link #failureRatio} and {@link #latencyFactor} to apply. */
    public int minVolume() {
        return minVolume;
    }

    /** The length of the window of {@link #failureRatio} and {@link #latencyFactor}. */
    public Duration window() {
        return window;
    }

    /** The multiple of the pool's median latency above which a server is ejected; empty if latency does not eject. */
    public OptionalDouble latencyFactor() {
        return latencyFactor;
    }

    /** The length of the first ejection; each further ejection is longer by the same time. */
    public Duration base() {
        return base;
    }

    /** The maximum length of an ejection. */
    public Duration cap() {
        return cap;
    }

    /** The maximum share of the eligible servers that may be ejected at once. */
    public double maxShare() {
        return maxShare;
    }

    /** The settings of ejection. Each method refuses a value out of its range. Not thread-safe. */
    public static final class Builder {
        private static final Duration MIN_WINDOW = Duration.ofMillis(100);
        private static final Duration MAX_CAP = Duration.ofDays(365);

        private int consecutiveFailures = 5;
        private double failureRatio = 0.5;
        private int minVolume = 20;
        private Duration window = Duration.ofSeconds(10);
        private OptionalDouble latencyFactor = OptionalDouble.empty();
        private Duration base = Duration.ofSeconds(5);
        private Duration cap = Duration.ofMinutes(5);
        private double maxShare = 0.5;

        private Builder() {}

        /** Sets the number of consecutive failures that ejects a server, 1 or more; 5 by default. */
        public Builder consecutiveFailures(int value) {
            require("consecutiveFailures", value, value >= 1, "1 or more");
            consecutiveFailures = value;
            return this;
        }

        /** Sets the share of failures in the window that ejects a server, above 0 to 1; 0.5 by default. */
        public Builder failureRatio(double value) {
            require("failureRatio", value, value > 0 && value <= 1, "above 0 to 1");
            failureRatio = value;
            return this;
        }

        /** Sets the minimum number of attempts for the ratio and the latency to apply, 1 or more; 20 by default. */
        public Builder minVolume(int value) {
            require("minVolume", value, value >= 1, "1 or more");
            minVolume = value;
            return this;
        }

        /** Sets the length of the window of the ratio and the latency, 100 ms or more; 10 seconds by default. */
        public Builder window(Duration value) {
            require("window", value, value.compareTo(MIN_WINDOW) >= 0, "100 ms or more");
            window = value;
            return this;
        }

        /**
         * Sets the multiple of the pool's median above which a mean time to the first byte ejects a server, above 1;
         * absent by default. The mean is taken over the newest seconds with at least {@link #minVolume} latencies; the
         * mean of the last second must be above the limit too.
         */
        public Builder latencyFactor(double value) {
            require("latencyFactor", value, value > 1, "above 1");
            latencyFactor = OptionalDouble.of(value);
            return this;
        }

        /**
         * Sets the length of the first ejection, by which each further ejection is longer; positive, 5 seconds by
         * default.
         */
        public Builder base(Duration value) {
            require("base", value, !value.isNegative() && !value.isZero(), "positive");
            base = value;
            return this;
        }

        /** Sets the maximum length of an ejection, {@link #base} to 365 days; 5 minutes by default. */
        public Builder cap(Duration value) {
            require("cap", value, value.compareTo(MAX_CAP) <= 0, "base to 365 days");
            cap = value;
            return this;
        }

        /**
         * Sets the maximum share of the eligible servers that may be ejected at once, 0 to 1; 0.5 by default. The last
         * server is never ejected.
         */
        public Builder maxShare(double value) {
            require("maxShare", value, value >= 0 && value <= 1, "0 to 1");
            maxShare = value;
            return this;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException if {@link #cap} is below {@link #base}
         */
        public Ejection build() {
            require("cap", cap, cap.compareTo(base) >= 0, "base to 365 days");
            return new Ejection(this);
        }

        private static void require(String name, Object value, boolean ok, String allowed) {
            if (!ok) {
                throw new IllegalArgumentException("ejection " + name + " " + value + " is not " + allowed);
            }
        }
    }
}
