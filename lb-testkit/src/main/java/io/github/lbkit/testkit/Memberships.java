package io.github.lbkit.testkit;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.Server;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Generators of lists of members with distinct ids, in any order. */
public final class Memberships {
    private Memberships() {}

    /** Lists of this size, with weights of one kind or mixed: equal, small, of the full range, 0 among them, extreme. */
    public static Arbitrary<List<Member>> lists(int minSize, int maxSize) {
        return Arbitraries.oneOf(
                withWeights(Arbitraries.just(1), minSize, maxSize),
                withWeights(Arbitraries.integers().between(1, 5), minSize, maxSize),
                withWeights(Arbitraries.integers().between(0, 3), minSize, maxSize),
                withWeights(Arbitraries.of(1, Server.MAX_WEIGHT), minSize, maxSize),
                withWeights(weights(), minSize, maxSize));
    }

    /** Lists of this size, all members of one weight. */
    public static Arbitrary<List<Member>> equalWeights(int minSize, int maxSize) {
        return Arbitraries.of(1, 7, 1_000).flatMap(weight -> withWeights(Arbitraries.just(weight), minSize, maxSize));
    }

    /** Lists of this size, with these weights. */
    public static Arbitrary<List<Member>> withWeights(Arbitrary<Integer> weights, int minSize, int maxSize) {
        return ids().flatMap(id -> weights.map(weight -> new Member(id, weight)))
                .list()
                .uniqueElements(Member::id)
                .ofMinSize(minSize)
                .ofMaxSize(maxSize);
    }

    /** Names as people give them: short, numbered, alike but for a character, and not of ASCII alone. */
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

    /** Any weight, 0 and the greatest among them. */
    public static Arbitrary<Integer> weights() {
        return Arbitraries.integers().between(0, Server.MAX_WEIGHT);
    }
}
