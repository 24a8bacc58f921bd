package io.github.lbkit.examples.analysis;

import io.github.lbkit.examples.load.LoadResult;

/**
 * One load on so many servers. Immutable.
 *
 * @param distribution over servers
 * @param load as the generator saw it
 */
record SpreadRun(Distribution distribution, LoadResult load) {
    int servers() {
        return distribution.servers().size();
    }
}
