package io.github.lbkit.examples.analysis.result;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The results of an analysis. Immutable.
 *
 * @param settings the settings of the analysis
 * @param main the study of the default policy, or of the policy of the running balancer
 * @param resilience the endpoint checks and the load with the kill
 * @param others the studies of further policies
 * @param seconds the duration of the analysis, in seconds
 * @param finished the time at which the analysis ended
 */
public record AnalysisResults(
        AnalysisSettings settings,
        PolicyStudy main,
        ResilienceResult resilience,
        List<PolicyStudy> others,
        double seconds,
        Instant finished) {
    /** Copies the list. */
    public AnalysisResults {
        others = List.copyOf(others);
    }

    /** Returns all studies in the order of the report: the main policy is the last. */
    public List<PolicyStudy> studies() {
        List<PolicyStudy> all = new ArrayList<>(others);
        all.add(main);
        return all;
    }
}
