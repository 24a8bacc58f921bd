package io.github.lbkit.api.health;

import io.github.lbkit.api.Instance;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A check whether an instance can serve. Thread-safe; never blocks its caller.
 *
 * <p>A probe sees an instance and a timeout only; the caller decides when to probe and what follows from the result.
 * The creator of a probe that owns threads closes the probe.
 */
@FunctionalInterface
public interface Probe {
    /**
     * Probes an instance once. The stage completes within the timeout, or shortly after it, also when the instance is
     * silent. Errors are results that describe them. Callers treat an exceptional completion as a failed probe.
     *
     * @param timeout the maximum length of the whole probe, including the connection
     */
    CompletionStage<ProbeResult> probe(Instance instance, Duration timeout);
}
