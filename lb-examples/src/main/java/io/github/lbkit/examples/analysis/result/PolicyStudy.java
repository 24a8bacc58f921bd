package io.github.lbkit.examples.analysis.result;

import java.util.List;
import java.util.Optional;

/**
 * The loads under one policy: on three servers, and on two to six servers. Immutable.
 *
 * @param label the name of the policy, for people
 * @param first the load on the initial servers
 * @param growth the loads on two to six servers; empty if the servers could not be changed
 * @param warnings the warnings about the table of the policy
 * @param skipped the reason why there is no growth
 */
public record PolicyStudy(
        String label,
        DistributionRun first,
        List<DistributionRun> growth,
        List<String> warnings,
        Optional<String> skipped) {
    /** Copies the lists. */
    public PolicyStudy {
        growth = List.copyOf(growth);
        warnings = List.copyOf(warnings);
    }
}
