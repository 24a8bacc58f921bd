package io.github.lbkit.examples.analysis.result;

import io.github.lbkit.examples.load.LoadResult;

/**
 * One load on a number of servers. Immutable.
 *
 * @param distribution the distribution of requests over servers
 * @param load the result of the load
 */
public record DistributionRun(Distribution distribution, LoadResult load) {
    /** Returns the number of servers. */
    public int servers() {
        return distribution.servers().size();
    }
}
