package io.github.lbkit.api.health;

import java.time.Duration;

/**
 * How instances are asked, again and again, whether they can serve, and when the answer changes what is thought of them.
 * Immutable.
 *
 * <p>Every instance that its pool calls ready is probed. The verdict belongs to (id, generation): a replacement begins
 * anew. One that is unhealthy gets no attempts and those it has not answered move on, unless too few healthy servers
 * would remain (fail-open). At most one probe of an instance is under way; the next is due an interval after it ended.
 *
 * @param probe what is asked; closed by whoever made it
 * @param interval the pause between probes of an instance that passes
 * @param failingInterval the pause after a failed probe, and while the instance is unhealthy
 * @param jitter the share by which each pause is randomly made longer or shorter, 0 to below 1
 * @param timeout how long a probe may take; one that has not answered shortly after has failed
 * @param rise so many passes in a row make an unhealthy instance healthy; the first verdict takes one
 * @param fall so many failures in a row make a healthy instance unhealthy
 * @param maxConcurrent so many probes may be under way at once; others wait, first come first served
 * @param initial what is thought of an instance before its first verdict
 */
public record HealthChecks(
        Probe probe,
        Duration interval,
        Duration failingInterval,
        double jitter,
        Duration timeout,
        int rise,
        int fall,
        int maxConcurrent,
        Initial initial) {
    /** What is thought of an instance that has not been judged yet. */
    public enum Initial {
        /** It can serve until probes say otherwise; first probes are spread over an interval. */
        HEALTHY,
        /** It cannot serve until a probe has passed; the first probe is made at once. */
        UNHEALTHY
    }

    /** Checks. */
    public HealthChecks {
        require("interval", interval, positive(interval), "positive");
        require("failingInterval", failingInterval, positive(failingInterval), "positive");
        require("jitter", jitter, jitter >= 0 && jitter < 1, "0 to below 1");
        require("timeout", timeout, positive(timeout), "positive");
        require("rise", rise, rise >= 1, "1 or more");
        require("fall", fall, fall >= 1, "1 or more");
        require("maxConcurrent", maxConcurrent, maxConcurrent >= 1, "1 or more");
    }

    /** Checks by this probe, with the defaults that the builder's methods tell. */
    public static Builder builder(Probe probe) {
        return new Builder(probe);
    }

    private static boolean positive(Duration value) {
        return !value.isNegative() && !value.isZero();
    }

    private static void require(String name, Object value, boolean ok, String allowed) {
        if (!ok) {
            throw new IllegalArgumentException("health check " + name + " " + value + " is not " + allowed);
        }
    }

    /** Collects the settings; they are checked when they are built. Not thread-safe. */
    public static final class Builder {
        private final Probe probe;
        private Duration interval = Duration.ofSeconds(5);
        private Duration failingInterval = Duration.ofSeconds(1);
        private double jitter = 0.1;
        private Duration timeout = Duration.ofSeconds(2);
        private int rise = 2;
        private int fall = 3;
        private int maxConcurrent = 64;
        private Initial initial = Initial.HEALTHY;

        private Builder(Probe probe) {
            this.probe = probe;
        }

        /** The pause between probes of an instance that passes; 5 seconds by default. */
        public Builder interval(Duration value) {
            interval = value;
            return this;
        }

        /** The pause after a failed probe, and while the instance is unhealthy; 1 second by default. */
        public Builder failingInterval(Duration value) {
            failingInterval = value;
            return this;
        }

        /** The share by which each pause varies, 0 to below 1; 0.1 by default. */
        public Builder jitter(double value) {
            jitter = value;
            return this;
        }

        /** How long a probe may take; 2 seconds by default. */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /** Passes in a row that make an unhealthy instance healthy, 1 or more; 2 by default. */
        public Builder rise(int value) {
            rise = value;
            return this;
        }

        /** Failures in a row that make a healthy instance unhealthy, 1 or more; 3 by default. */
        public Builder fall(int value) {
            fall = value;
            return this;
        }

        /** How many probes may be under way at once, 1 or more; 64 by default. */
        public Builder maxConcurrent(int value) {
            maxConcurrent = value;
            return this;
        }

        /** What is thought of an instance before its first verdict; {@link Initial#HEALTHY} by default. */
        public Builder initial(Initial value) {
            initial = value;
            return this;
        }

        /** The settings. */
        public HealthChecks build() {
            return new HealthChecks(
                    probe, interval, failingInterval, jitter, timeout, rise, fall, maxConcurrent, initial);
        }
    }
}
