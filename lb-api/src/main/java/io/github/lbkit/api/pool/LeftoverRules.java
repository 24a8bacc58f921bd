package io.github.lbkit.api.pool;

import io.github.lbkit.api.pool.SupervisedOptions.Leftovers;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which instances of an earlier owner go on serving, and why the others do not. Immutable. */
final class LeftoverRules {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Leftovers leftovers;
    private final String specHash;

    LeftoverRules(Leftovers leftovers, String specHash) {
        this.leftovers = leftovers;
        this.specHash = specHash;
    }

    /**
     * The newest fitting instance of each desired server. Of any spec, it is the oldest: that one has served, if one has.
     */
    List<Launched> adoptable(Collection<Launched> found, Set<String> desired) {
        Map<String, Launched> newest = new LinkedHashMap<>();
        boolean oldest = leftovers == Leftovers.ADOPT_AND_ROLL_OUT;
        if (leftovers != Leftovers.RETIRE) {
            for (Launched launched : found) {
                if (desired.contains(launched.id()) && fits(launched)) {
                    newest.merge(launched.id(), launched, (a, b) -> a.generation() > b.generation() ^ oldest ? a : b);
                }
            }
        }
        return List.copyOf(newest.values());
    }

    /** The number that each server had, by id: its newest instance tells. None where nothing of before counts. */
    Map<String, Integer> numbers(Collection<Launched> found) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        if (leftovers == Leftovers.RETIRE) {
            return numbers;
        }
        found.stream().sorted(Comparator.comparingLong(Launched::generation)).forEach(launched -> {
            String number = launched.labels().getOrDefault(SupervisedPool.NUMBER_LABEL, "");
            if (number.matches("[1-9][0-9]{0,8}")) {
                numbers.put(launched.id(), Integer.parseInt(number));
            }
        });
        return numbers;
    }

    /** Why this instance is not wanted. */
    String whyNot(Launched launched, Set<String> desired) {
        if (!desired.contains(launched.id())) {
            return "it belongs to no desired server";
        } else if (launched.address().isEmpty()) {
            return "its launch was never completed";
        } else if (leftovers == Leftovers.ADOPT && !isOurs(launched)) {
            return "it was launched from another spec: " + launched.specHash() + ", not " + specHash;
        }
        return "another instance serves in its place";
    }

    /** What runs already becomes ready soon, or is not worth waiting for. */
    Duration patience(Duration readinessTimeout) {
        return readinessTimeout.compareTo(PATIENCE) < 0 ? readinessTimeout : PATIENCE;
    }

    private boolean fits(Launched launched) {
        return launched.address().isPresent() && (leftovers == Leftovers.ADOPT_AND_ROLL_OUT || isOurs(launched));
    }

    /** Whether it is made of what this owner launches. */
    boolean isOurs(Launched launched) {
        return launched.specHash().equals(specHash);
    }
}
