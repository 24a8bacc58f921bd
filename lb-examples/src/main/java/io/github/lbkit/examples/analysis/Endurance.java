package io.github.lbkit.examples.analysis;

import java.util.List;
import java.util.Optional;

/**
 * What a balancer answers, and what becomes of requests when a server is killed. Immutable.
 *
 * @param checks the endpoints that were exercised
 * @param recovery the load with the kill
 * @param skipped why no server was killed
 */
record Endurance(List<EndpointCheck> checks, Optional<Recovery> recovery, Optional<String> skipped) {
    Endurance {
        checks = List.copyOf(checks);
    }

    List<EndpointCheck> wrong() {
        return checks.stream().filter(c -> !c.passed()).toList();
    }
}
