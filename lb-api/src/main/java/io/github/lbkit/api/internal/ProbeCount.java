package io.github.lbkit.api.internal;

import io.github.lbkit.api.health.HealthChecks;

/** The verdict of one instance from the results of its probes. Confined to the checker's thread. */
final class ProbeCount {
    private final HealthChecks settings;
    private int passes;
    private int failures;
    private boolean healthy;
    private boolean wasHealthy;

    ProbeCount(HealthChecks settings) {
        this.settings = settings;
        this.healthy = settings.initial() == HealthChecks.Initial.HEALTHY;
        this.wasHealthy = healthy;
    }

    boolean isHealthy() {
        return healthy;
    }

    /** Returns whether the last probe failed, or too few probes have passed since. */
    boolean isFailing() {
        return !healthy || failures > 0;
    }

    /** Counts one result; returns whether the verdict has changed. */
    boolean heard(boolean passed) {
        passes = passed ? passes + 1 : 0;
        failures = passed ? 0 : failures + 1;
        int rise = wasHealthy ? settings.rise() : 1;
        boolean changes = healthy ? failures >= settings.fall() : passes >= rise;
        if (changes) {
            healthy = !healthy;
            wasHealthy = true;
        }
        return changes;
    }
}
