package io.github.lbkit.hashing.internal;

import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.HashRouters;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The numbers that the assignment's map calls its servers by: a label's, else the lowest free one in order of ids. */
final class AssignmentNumbers {
    private static final int MAX_DIGITS = 9;

    private AssignmentNumbers() {}

    /** By index of the members, which are sorted by id. */
    static int[] of(List<Member> members, int firstId) {
        Map<Integer, String> taken = new HashMap<>();
        int[] numbers = new int[members.size()];
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
        int free = firstId;
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] < 0) {
                while (taken.containsKey(free)) {
                    free++;
                }
                numbers[i] = free++;
            }
        }
        return numbers;
    }

    /** The indexes of the members that have a weight, in the order of their numbers. */
    static int[] inOrder(List<Member> members, int[] numbers) {
        return IntStream.range(0, numbers.length)
                .filter(i -> members.get(i).weight() > 0)
                .boxed()
                .sorted(Comparator.comparingInt(i -> numbers[i]))
                .mapToInt(i -> i)
                .toArray();
    }

    private static int parsed(String id, String label) {
        if (label.isEmpty() || label.length() > MAX_DIGITS || label.chars().anyMatch(c -> c < '0' || c > '9')) {
            throw new IllegalArgumentException("label " + HashRouters.NUMBER_LABEL + "=" + label + " of member '" + id
                    + "' is not a number of 1 to " + MAX_DIGITS + " digits");
        }
        return Integer.parseInt(label);
    }
}
