package io.github.lbkit.hashing.internal.numbered;

import io.github.lbkit.api.Member;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers by which jump sorts its shards: the label {@code lbkit.number}, otherwise the number at the end of the
 * id. Members whose order is not certain are refused.
 */
final class ShardNumbers {
    private static final String REMEDY = "jump sorts its shards by number: give each member a label " + NumberLabel.NAME
            + " with a unique number, or ids with one prefix that end in different numbers";

    private ShardNumbers() {}

    /**
     * Returns the numbers by index of the members.
     *
     * @throws IllegalArgumentException if a member has no number, two members have one number, or the ids of two
     *     members without a label have different prefixes
     */
    static long[] of(List<Member> members) {
        long[] numbers = new long[members.size()];
        Map<Long, String> taken = new HashMap<>();
        String unlabelled = "";
        String prefix = "";
        for (int i = 0; i < numbers.length; i++) {
            Member member = members.get(i);
            String label = member.labels().get(NumberLabel.NAME);
            if (label == null) {
                NumberedId parts = NumberedId.of(member.id())
                        .orElseThrow(() -> refused("the id '" + member.id() + "' does not end in a number of 1 to "
                                + NumberedId.MAX_DIGITS + " digits"));
                if (!unlabelled.isEmpty() && !prefix.equals(parts.prefix())) {
                    throw refused("the ids '" + unlabelled + "' and '" + member.id()
                            + "' have different prefixes, so their numbers have no order");
                }
                unlabelled = member.id();
                prefix = parts.prefix();
                numbers[i] = parts.number();
            } else {
                numbers[i] = NumberLabel.parse(member.id(), label);
            }
            String other = taken.putIfAbsent(numbers[i], member.id());
            if (other != null) {
                throw refused("members '" + other + "' and '" + member.id() + "' both have the number " + numbers[i]);
            }
        }
        return numbers;
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(why + "; " + REMEDY);
    }
}
