package io.github.lbkit.hashing.internal.envoy;

import io.github.lbkit.api.Member;
import java.util.List;

/** The weights of members divided by their sum and rounded to doubles, as in Envoy. */
final class EnvoyWeights {
    private EnvoyWeights() {}

    /** Returns the normalized weights by index; all 0 if no member has a weight. */
    static double[] normalized(List<Member> members) {
        double sum = members.stream().mapToLong(Member::weight).sum();
        return members.stream()
                .mapToDouble(m -> sum == 0 ? 0 : m.weight() / sum)
                .toArray();
    }
}
