package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.HashRouters;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The numbers that the assignment's map calls its servers by: the label's, else the lowest free number. Members without a
 * label get their numbers in the order of the numbers that their ids end in (S2 before S10); in the order of ids if an id
 * ends in none, or two of the ids begin differently or end in one number.
 */
final class AssignmentNumbers {
    private static final int MAX_DIGITS = 9;

    private AssignmentNumbers() {}

    /** By index of the members, which are sorted by id. */
    static long[] of(List<Member> members, int firstId) {
        Map<Long, String> taken = new HashMap<>();
        long[] numbers = new long[members.size()];
        for (int i = 0; i < numbers.length; i++) {
            Member member = members.get(i);
            String label = member.labels().get(HashRouters.NUMBER_LABEL);
            numbers[i] = label == null ? -1 : parsed(member.id(), label);
            String other = label == null ? null : taken.putIfAbsent(numbers[i], member.id());
            if (other != null) {
                throw new IllegalArgumentException(
                        "members '" + other + "' and '" + member.id() + "' both have the label "
                                + HashRouters.NUMBER_LABEL + "=" + label + "; each needs a number of its own");
            }
        }
        long free = firstId;
        for (int i : byIdNumber(members, numbers)) {
            while (taken.containsKey(free)) {
                free++;
            }
            numbers[i] = free++;
        }
        return numbers;
    }

    /** The indexes of the members that have no number yet, in the order of the numbers that their ids end in. */
    private static int[] byIdNumber(List<Member> members, long[] numbers) {
        int[] unnumbered =
                IntStream.range(0, numbers.length).filter(i -> numbers[i] < 0).toArray();
        long[] ofIds = new long[numbers.length];
        Set<String> beginnings = new HashSet<>();
        Set<Long> distinct = new HashSet<>();
        for (int i : unnumbered) {
            Optional<IdNumber> parts = IdNumber.of(members.get(i).id());
            ofIds[i] = parts.map(IdNumber::number).orElse(-1L);
            beginnings.add(parts.map(IdNumber::beginning).orElse(""));
            distinct.add(ofIds[i]);
        }
        boolean ordered = beginnings.size() == 1 && distinct.size() == unnumbered.length && !distinct.contains(-1L);
        return ordered ? sorted(unnumbered, ofIds) : unnumbered;
    }

    /** The indexes of the members that have a weight, in the order of their numbers. */
    static int[] inOrder(List<Member> members, long[] numbers) {
        int[] weighing = IntStream.range(0, numbers.length)
                .filter(i -> members.get(i).weight() > 0)
                .toArray();
        return sorted(weighing, numbers);
    }

    private static int[] sorted(int[] indexes, long[] by) {
        return IntStream.of(indexes)
                .boxed()
                .sorted(Comparator.comparingLong(i -> by[i]))
                .mapToInt(i -> i)
                .toArray();
    }

    /** The number of a label. */
    static long parsed(String id, String label) {
        if (label.isEmpty() || label.length() > MAX_DIGITS || label.chars().anyMatch(c -> c < '0' || c > '9')) {
            throw new IllegalArgumentException("label " + HashRouters.NUMBER_LABEL + "=" + label + " of member '" + id
                    + "' is not a number of 1 to " + MAX_DIGITS + " digits");
        }
        return Long.parseLong(label);
    }
}
