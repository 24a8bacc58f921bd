package io.github.lbkit.hashing.internal.numbered;

import io.github.lbkit.api.Member;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The label that numbers a member, and the order of members by number. */
public final class NumberLabel {
    /** The name of the label. */
    public static final String NAME = "lbkit.number";

    private static final int MAX_DIGITS = 9;

    private NumberLabel() {}

    /**
     * Returns the number that a label's value states.
     *
     * @throws IllegalArgumentException if the value is not a number of 1 to 9 digits
     */
    static long parse(String id, String value) {
        if (value.isEmpty() || value.length() > MAX_DIGITS || value.chars().anyMatch(c -> c < '0' || c > '9')) {
            throw new IllegalArgumentException("label " + NAME + "=" + value + " of member '" + id
                    + "' is not a number of 1 to " + MAX_DIGITS + " digits");
        }
        return Long.parseLong(value);
    }

    /** Returns the indexes of the members with a weight above 0, in the order of their numbers. */
    static int[] weightedInOrder(List<Member> members, long[] numbers) {
        int[] weighted = IntStream.range(0, numbers.length)
                .filter(i -> members.get(i).weight() > 0)
                .toArray();
        return sorted(weighted, numbers);
    }

    /** Returns the indexes sorted by the number that belongs to each. */
    static int[] sorted(int[] indexes, long[] numbers) {
        return IntStream.of(indexes)
                .boxed()
                .sorted(Comparator.comparingLong(i -> numbers[i]))
                .mapToInt(i -> i)
                .toArray();
    }
}
