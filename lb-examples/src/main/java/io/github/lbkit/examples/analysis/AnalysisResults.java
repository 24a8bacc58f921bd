package io.github.lbkit.examples.analysis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that was measured. Immutable.
 *
 * @param settings by which it was
 * @param usual the policy that the balancer has by default, or the running one has
 * @param endurance endpoints, and the kill
 * @param others further policies
 * @param seconds how long it took
 * @param finished when it was over
 */
record AnalysisResults(
        AnalysisSettings settings,
        PolicyStudy usual,
        Endurance endurance,
        List<PolicyStudy> others,
        double seconds,
        Instant finished) {
    AnalysisResults {
        others = List.copyOf(others);
    }

    /** Every policy, in the order in which they are told: what skews first, its cure last. */
    List<PolicyStudy> studies() {
        List<PolicyStudy> all = new ArrayList<>(others);
        all.add(usual);
        return all;
    }
}
