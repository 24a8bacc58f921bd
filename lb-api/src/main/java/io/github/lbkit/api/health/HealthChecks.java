package io.github.lbkit.api.health;

import java.time.Duration;

/**
 * The settings of active health checks: how instances are probed, and when the results change an instance's verdict.
 * Immutable.
 *
 * <p>Every instance that its pool reports as ready is probed. A verdict belongs to one instance: a replacement starts
 * without a verdict. An unhealthy instance gets no attempts, and its unanswered attempts are retried elsewhere, unless
 * too few healthy servers remain (fail-open). At most one probe of an instance is under way; the next one is due an
 * interval after the previous one ended.
 */
public final class HealthChecks {
    private final Probe probe;
    private final Duration interval;
    private final Duration failingInterval;
    private final double jitter;
    private final Duration timeout;
    private final int rise;
    private final int fall;
    private final int maxConcurrent;
    private final Initial initial;

    /** The verdict of an instance before its first probe. */
    public enum Initial {
        /** The instance can serve; first probes are spread over an interval. */
        HEALTHY,
        /** The instance cannot serve until a probe has passed; the first probe is made at once. */
        UNHEALTHY
    }

    private HealthChecks(Builder builder) {
        probe = builder.probe;
        interval = builder.interval;
        failingInterval = builder.failingInterval;
        jitter = builder.jitter;
        timeout = builder.timeout;
        rise = builder.rise;
        fall = builder.fall;
        maxConcurrent = builder.maxConcurrent;
        initial = builder.initial;
        require("interval", interval, positive(interval), "positive");
        require("failingInterval", failingInterval, positive(failingInterval), "positive");
        require("jitter", jitter, jitter >= 0 && jitter < 1, "0 to below 1");
        require("timeout", timeout, positive(timeout), "positive");
        require("rise", rise, rise >= 1, "1 or more");
        require("fall", fall, fall >= 1, "1 or more");
        require("maxConcurrent", maxConcurrent, maxConcurrent >= 1, "1 or more");
    }

    /** Returns a builder with this probe and the defaults named at the builder's methods. */
    public static Builder builder(Probe probe) {
        return new Builder(probe);
    }

    /** The probe; its creator closes it. */
    public Probe probe() {
        return probe;
    }

    /** The pause between probes of a passing instance. */
    public Duration interval() {
        return interval;
    }

    /** The pause after a failed probe, and while the instance is unhealthy. */
    public Duration failingInterval() {
        return failingInterval;
    }

    /** The share by which each pause randomly varies, 0 to below 1. */
    public double jitter() {
        return jitter;
    }

    /** The maximum length of a probe; a probe without a result shortly after has failed. */
    public Duration timeout() {
        return timeout;
    }

    /** The number of consecutive passes that makes an unhealthy instance healthy; the first verdict needs one. */
    public int rise() {
        return rise;
    }

    /** The number of consecutive failures that makes a healthy instance unhealthy. */
    public int fall() {
        return fall;
    }

    /** The maximum number of probes under way; further probes wait in order of arrival. */
    public int maxConcurrent() {
        return maxConcurrent;
    }

    /** The verdict of an instance before its first probe. */
    public Initial initial() {
        return initial;
    }

    private static boolean positive(Duration value) {
        return !value.isNegative() && !value.isZero();
    }

    private static void require(String name, Object value, boolean ok, String allowed) {
        if (!ok) {
            throw new IllegalArgumentException("health check " + name + " " + value + " is not " + allowed);
        }
    }

    /** The settings of health checks, which {@link #build} checks. Not thread-safe. */
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

        /** Sets the pause between probes of a passing instance; 5 seconds by default. */
        public Builder interval(Duration value) {
            interval = value;
            return this;
        }

        /** Sets the pause after a failed probe, and while the instance is unhealthy; 1 second by default. */
        public Builder failingInterval(Duration value) {
            failingInterval = value;
            return this;
        }

        /** Sets the share by which each pause varies, 0 to below 1; 0.1 by default. */
        public Builder jitter(double value) {
            jitter = value;
            return this;
        }

        /** Sets the maximum length of a probe; 2 seconds by default. */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /** Sets the number of consecutive passes that makes an unhealthy instance healthy, 1 or more; 2 by default. */
        public Builder rise(int value) {
            rise = value;
            return this;
        }

        /** Sets the number of consecutive failures that makes a healthy instance unhealthy, 1 or more; 3 by default. */
        public Builder fall(int value) {
            fall = value;
            return this;
        }

        /** Sets the maximum number of probes under way, 1 or more; 64 by default. */
        public Builder maxConcurrent(int value) {
            maxConcurrent = value;
            return this;
        }

        /** Sets the verdict of an instance before its first probe; {@link Initial#HEALTHY} by default. */
        public Builder initial(Initial value) {
            initial = value;
            return this;
        }

        /** Returns the settings. */
        public HealthChecks build() {
            return new HealthChecks(this);
        }
    }
}
