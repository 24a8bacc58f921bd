package io.github.lbkit.api.pool.supervised;

import io.github.lbkit.api.pool.supervised.SupervisedOptions.Leftovers;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The rules for instances of an earlier owner: which are adopted, and why the others are stopped. Immutable. */
final class LeftoverRules {
    private static final Duration MAX_PROBE_TIMEOUT = Duration.ofSeconds(5);

    private final Leftovers leftovers;
    private final Supplier<String> specHash;

    /**
     * Creates the rules.
     *
     * @param specHash the hash of the spec that the pool's servers are to run
     */
    LeftoverRules(Leftovers leftovers, Supplier<String> specHash) {
        this.leftovers = leftovers;
        this.specHash = specHash;
    }

    /**
     * Returns the instance to adopt for each desired server: the newest instance of the settled spec, otherwise the
     * oldest instance, which is the most likely to have served.
     */
    List<LaunchedInstance> adoptable(Collection<LaunchedInstance> found, Set<String> desired) {
        Map<String, LaunchedInstance> chosen = new LinkedHashMap<>();
        if (leftovers != Leftovers.RETIRE) {
            for (LaunchedInstance launched : found) {
                if (desired.contains(launched.id()) && launched.address().isPresent()) {
                    chosen.merge(launched.id(), launched, this::better);
                }
            }
        }
        return List.copyOf(chosen.values());
    }

    private LaunchedInstance better(LaunchedInstance a, LaunchedInstance b) {
        if (isSettledSpec(a) != isSettledSpec(b)) {
            return isSettledSpec(a) ? a : b;
        }
        return a.generation() > b.generation() == isSettledSpec(a) ? a : b;
    }

    /**
     * Returns the number of each server by id, from the label of its newest instance; empty if leftovers are retired.
     */
    Map<String, Integer> numbers(Collection<LaunchedInstance> found) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        if (leftovers == Leftovers.RETIRE) {
            return numbers;
        }
        found.stream()
                .sorted(Comparator.comparingLong(LaunchedInstance::generation))
                .forEach(launched -> {
                    String number = launched.labels().getOrDefault(Slot.NUMBER_LABEL, "");
                    if (number.matches("[1-9][0-9]{0,8}")) {
                        numbers.put(launched.id(), Integer.parseInt(number));
                    }
                });
        return numbers;
    }

    /** Returns the reason why this instance is not wanted. */
    String whyNot(LaunchedInstance launched, Set<String> desired) {
        if (!desired.contains(launched.id())) {
            return "it belongs to no desired server";
        } else if (launched.address().isEmpty()) {
            return "its launch was never completed";
        }
        return "another instance serves in its place";
    }

    /**
     * Returns the time that an adopted instance has to pass its probe; shorter than for a launch, because the instance
     * runs already.
     */
    Duration probeTimeout(Duration readinessTimeout) {
        return readinessTimeout.compareTo(MAX_PROBE_TIMEOUT) < 0 ? readinessTimeout : MAX_PROBE_TIMEOUT;
    }

    /** Returns whether the instance runs the spec that the pool's servers are to run. */
    boolean isSettledSpec(LaunchedInstance launched) {
        return launched.specHash().equals(specHash.get());
    }
}
