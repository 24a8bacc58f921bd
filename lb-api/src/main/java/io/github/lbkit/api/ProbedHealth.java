package io.github.lbkit.api;

import io.github.lbkit.api.health.HealthChecks;

/**
 * What probes have found out about one instance. The checker's thread writes, every pick reads {@link #isUnhealthy}.
 */
final class ProbedHealth {
    private final HealthChecks settings;
    private int passes;
    private int failures;
    private boolean wasHealthy;

    /** Written by the checker's thread, read by every pick. */
    private volatile boolean unhealthy;

    ProbedHealth(HealthChecks settings) {
        this.settings = settings;
        this.wasHealthy = settings.initial() == HealthChecks.Initial.HEALTHY;
        this.unhealthy = !wasHealthy;
    }

    boolean isUnhealthy() {
        return unhealthy;
    }

    /** Whether the last probe failed, or too few have passed since. */
    boolean isFailing() {
        return unhealthy || failures > 0;
    }

    /** Counts one answer; returns whether the verdict has changed. */
    boolean heard(boolean passed) {
        passes = passed ? passes + 1 : 0;
        failures = passed ? 0 : failures + 1;
        int rise = wasHealthy ? settings.rise() : 1;
        boolean changes = unhealthy ? passes >= rise : failures >= settings.fall();
        if (changes) {
            unhealthy = !unhealthy;
            wasHealthy = true;
        }
        return changes;
    }
}
