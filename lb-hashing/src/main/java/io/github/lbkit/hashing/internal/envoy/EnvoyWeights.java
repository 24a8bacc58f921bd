package io.github.lbkit.hashing.internal.envoy;

import io.github.lbkit.api.Member;
import java.util.List;

/** Weights as Envoy takes them: as shares of their sum, rounded to doubles. */
final class EnvoyWeights {
    private EnvoyWeights() {}

    /** By index; all 0 if no member has a weight. */
    static double[] normalized(List<Member> members) {
        double sum = members.stream().mapToLong(Member::weight).sum();
        return members.stream()
                .mapToDouble(m -> sum == 0 ? 0 : m.weight() / sum)
                .toArray();
    }
}
