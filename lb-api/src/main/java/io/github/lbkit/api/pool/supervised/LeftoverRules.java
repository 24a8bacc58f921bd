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

/** Which instances of an earlier owner go on serving, and why the others do not. Immutable. */
final class LeftoverRules {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Leftovers leftovers;
    private final Supplier<String> specHash;

    /**
     * The rules.
     *
     * @param specHash what the pool's servers are to be made of
     */
    LeftoverRules(Leftovers leftovers, Supplier<String> specHash) {
        this.leftovers = leftovers;
        this.specHash = specHash;
    }

    /**
     * The instance of each desired server that goes on serving: the newest that is made of what it is to be made of, else the
     * oldest, which has served if one has.
     */
    List<Launched> adoptable(Collection<Launched> found, Set<String> desired) {
        Map<String, Launched> chosen = new LinkedHashMap<>();
        if (leftovers != Leftovers.RETIRE) {
            for (Launched launched : found) {
                if (desired.contains(launched.id()) && launched.address().isPresent()) {
                    chosen.merge(launched.id(), launched, this::better);
                }
            }
        }
        return List.copyOf(chosen.values());
    }

    private Launched better(Launched a, Launched b) {
        if (isOurs(a) != isOurs(b)) {
            return isOurs(a) ? a : b;
        }
        return a.generation() > b.generation() == isOurs(a) ? a : b;
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
        }
        return "another instance serves in its place";
    }

    /** What runs already becomes ready soon, or is not worth waiting for. */
    Duration patience(Duration readinessTimeout) {
        return readinessTimeout.compareTo(PATIENCE) < 0 ? readinessTimeout : PATIENCE;
    }

    /** Whether it is made of what the pool's servers are to be made of. */
    boolean isOurs(Launched launched) {
        return launched.specHash().equals(specHash.get());
    }
}
