package io.github.lbkit.api.health;

import io.github.lbkit.api.Instance;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * One question to an instance: can you serve? Thread-safe; never blocks its caller.
 *
 * <p>A probe sees (instance, timeout) and nothing else; when to ask, how often, and what follows from the answer is
 * the asker's business. Whoever makes a probe that holds threads closes it.
 */
@FunctionalInterface
public interface Probe {
    /**
     * Asks once. The stage completes within the timeout, or shortly after it, also when the instance is silent; what
     * goes wrong is a result that says so. An asker treats an exceptional completion as a failed probe.
     *
     * @param timeout how long the whole probe may take, connecting included
     */
    CompletionStage<ProbeResult> probe(Instance instance, Duration timeout);
}
