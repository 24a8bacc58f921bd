package io.github.lbkit.examples.analysis;

import java.util.List;
import java.util.Optional;

/**
 * One policy under load: on three servers, and on two to six. Immutable.
 *
 * @param label for people
 * @param first the load on the servers that it began with
 * @param growth the loads on two to six servers; empty if servers could not be changed
 * @param warnings what there is to know about its table, in words
 * @param skipped why there is no growth
 */
record PolicyStudy(
        String label, SpreadRun first, List<SpreadRun> growth, List<String> warnings, Optional<String> skipped) {
    PolicyStudy {
        growth = List.copyOf(growth);
        warnings = List.copyOf(warnings);
    }
}
