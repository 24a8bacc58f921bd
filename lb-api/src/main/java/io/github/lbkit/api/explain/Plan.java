package io.github.lbkit.api.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The effect of a change of members on the key space, computed before the change is made. Immutable.
 *
 * @param movedShare the share of all keys that would get another owner, 0 to 1; 0 for a policy that does not route by
 *     key
 * @param moves the moves between owners, largest first
 * @param before the share of all keys that each server owns now, by id
 * @param after the share of all keys that each server would own, by id
 */
public record Plan(double movedShare, List<Move> moves, Map<String, Double> before, Map<String, Double> after) {
    /** Copies the collections. */
    public Plan {
        moves = List.copyOf(moves);
        before = Map.copyOf(before);
        after = Map.copyOf(after);
    }

    /** Returns the plan of these moves, which may be in any order. */
    public static Plan of(List<Move> moves, Map<String, Double> before, Map<String, Double> after) {
        List<Move> largestFirst = new ArrayList<>(moves);
        largestFirst.sort(Comparator.comparingDouble(Move::share)
                .reversed()
                .thenComparing(Move::from)
                .thenComparing(Move::to));
        double moved = largestFirst.stream().mapToDouble(Move::share).sum();
        return new Plan(moved, largestFirst, before, after);
    }

    /**
     * A share of keys that get another owner.
     *
     * @param from the id of the owner before; empty if there was none
     * @param to the id of the owner after; empty if there is none
     * @param share the share of the whole key space, 0 to 1
     */
    public record Move(String from, String to, double share) {}
}
