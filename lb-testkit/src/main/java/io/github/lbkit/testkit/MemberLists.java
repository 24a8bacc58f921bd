package io.github.lbkit.testkit;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.Server;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Generators (jqwik) of lists of members with distinct ids, in any order. */
public final class MemberLists {
    private MemberLists() {}

    /**
     * Returns lists of this size. The weights of a list are all 1, small, small or 0, extreme, or of the full range.
     */
    public static Arbitrary<List<Member>> lists(int minSize, int maxSize) {
        return lists(ids(), minSize, maxSize);
    }

    /** Returns {@link #lists(int, int)} with these ids. */
    public static Arbitrary<List<Member>> lists(Arbitrary<String> ids, int minSize, int maxSize) {
        return Arbitraries.oneOf(
                withWeights(ids, Arbitraries.just(1), minSize, maxSize),
                withWeights(ids, Arbitraries.integers().between(1, 5), minSize, maxSize),
                withWeights(ids, Arbitraries.integers().between(0, 3), minSize, maxSize),
                withWeights(ids, Arbitraries.of(1, Server.MAX_WEIGHT), minSize, maxSize),
                withWeights(ids, weights(), minSize, maxSize));
    }

    /** Returns lists of this size whose members all have the same weight. */
    public static Arbitrary<List<Member>> equalWeights(int minSize, int maxSize) {
        return equalWeights(ids(), minSize, maxSize);
    }

    /** Returns {@link #equalWeights(int, int)} with these ids. */
    public static Arbitrary<List<Member>> equalWeights(Arbitrary<String> ids, int minSize, int maxSize) {
        return Arbitraries.of(1, 7, 1_000)
                .flatMap(weight -> withWeights(ids, Arbitraries.just(weight), minSize, maxSize));
    }

    /** Returns lists of this size with these weights. */
    public static Arbitrary<List<Member>> withWeights(Arbitrary<Integer> weights, int minSize, int maxSize) {
        return withWeights(ids(), weights, minSize, maxSize);
    }

    private static Arbitrary<List<Member>> withWeights(
            Arbitrary<String> ids, Arbitrary<Integer> weights, int minSize, int maxSize) {
        return ids.flatMap(id -> weights.map(weight -> new Member(id, weight)))
                .list()
                .uniqueElements(Member::id)
                .ofMinSize(minSize)
                .ofMaxSize(maxSize);
    }

    /** Returns ids with a common prefix and a number, for routers that order members by number. */
    public static Arbitrary<String> numberedIds() {
        return Arbitraries.integers().between(0, 9_999).map(i -> "S" + i);
    }

    /** Returns ids as users choose them: numbered, addresses, random letters and digits, and letters outside ASCII. */
    public static Arbitrary<String> ids() {
        return Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.integers().between(1, 999).map(i -> "S" + i)),
                Tuple.of(2, Arbitraries.integers().between(1, 999).map(i -> "10.0.0." + i % 256 + ":" + (5000 + i))),
                Tuple.of(
                        1,
                        Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(40)),
                Tuple.of(
                        1,
                        Arbitraries.strings()
                                .withCharRange('à', 'ÿ')
                                .ofMinLength(1)
                                .ofMaxLength(8)));
    }

    /** Returns weights of the full range, including 0 and the maximum. */
    public static Arbitrary<Integer> weights() {
        return Arbitraries.integers().between(0, Server.MAX_WEIGHT);
    }

    /** Returns the member with random labels as pools set them, except these names. */
    static Member withLabels(Member member, Set<String> except, Random random) {
        Map<String, String> labels = new HashMap<>(member.labels());
        for (String label : List.of("lbkit.number", "zone", "version")) {
            if (!except.contains(label) && random.nextInt(4) > 0) {
                labels.put(label, Integer.toString(random.nextInt(1_000)));
            }
        }
        return new Member(member.id(), member.weight(), labels);
    }
}
