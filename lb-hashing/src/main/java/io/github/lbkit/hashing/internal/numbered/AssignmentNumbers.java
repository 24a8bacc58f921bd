package io.github.lbkit.hashing.internal.numbered;

import io.github.lbkit.api.Member;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The numbers of the servers in the assignment's map: the number in the label, otherwise the lowest free number.
 * Members without a label get their numbers in the order of the numbers at the end of their ids (S2 before S10). The
 * order of ids decides instead if an id has no number at its end, or two ids have different prefixes or the same
 * number.
 */
final class AssignmentNumbers {
    private AssignmentNumbers() {}

    /** Returns the numbers by index of the members, which are sorted by id. */
    static long[] of(List<Member> members, int firstId) {
        Map<Long, String> taken = new HashMap<>();
        long[] numbers = new long[members.size()];
        for (int i = 0; i < numbers.length; i++) {
            Member member = members.get(i);
            String label = member.labels().get(NumberLabel.NAME);
            numbers[i] = label == null ? -1 : NumberLabel.parse(member.id(), label);
            String other = label == null ? null : taken.putIfAbsent(numbers[i], member.id());
            if (other != null) {
                throw new IllegalArgumentException(
                        "members '" + other + "' and '" + member.id() + "' both have the label " + NumberLabel.NAME
                                + "=" + label + "; each needs a number of its own");
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

    /** Returns the indexes of the members without a number, in the order of the numbers at the end of their ids. */
    private static int[] byIdNumber(List<Member> members, long[] numbers) {
        int[] unnumbered =
                IntStream.range(0, numbers.length).filter(i -> numbers[i] < 0).toArray();
        long[] idNumbers = new long[numbers.length];
        Set<String> prefixes = new HashSet<>();
        Set<Long> distinct = new HashSet<>();
        for (int i : unnumbered) {
            Optional<NumberedId> parts = NumberedId.of(members.get(i).id());
            idNumbers[i] = parts.map(NumberedId::number).orElse(-1L);
            prefixes.add(parts.map(NumberedId::prefix).orElse(""));
            distinct.add(idNumbers[i]);
        }
        boolean ordered = prefixes.size() == 1 && distinct.size() == unnumbered.length && !distinct.contains(-1L);
        return ordered ? NumberLabel.sorted(unnumbered, idNumbers) : unnumbered;
    }
}
