package io.github.lbkit.examples.analysis.result;

import java.util.List;
import java.util.Optional;

/**
 * The result of task A-3: the endpoint checks, and the load with the kill. Immutable.
 *
 * @param checks the endpoint checks
 * @param recovery the load with the kill
 * @param skipped the reason why no server was killed
 */
public record ResilienceResult(List<EndpointCheck> checks, Optional<Recovery> recovery, Optional<String> skipped) {
    /** Copies the list. */
    public ResilienceResult {
        checks = List.copyOf(checks);
    }

    /** Returns the failed endpoint checks. */
    public List<EndpointCheck> failedChecks() {
        return checks.stream().filter(c -> !c.passed()).toList();
    }
}
