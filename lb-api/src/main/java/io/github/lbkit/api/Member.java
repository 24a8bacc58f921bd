package io.github.lbkit.api;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What routing knows of a server. Immutable.
 *
 * @param id the server's id
 * @param weight 0 to {@value Server#MAX_WEIGHT}; 0 receives nothing
 * @param labels labels of the server; a policy sees those that it names in {@link Policy#labels}
 */
public record Member(String id, int weight, Map<String, String> labels) {
    /** The canonical order: by id, code unit by code unit. */
    public static final Comparator<Member> BY_ID = Comparator.comparing(Member::id);

    /** Checks and copies. */
    public Member {
        if (id.isBlank()) {
            throw new IllegalArgumentException("a member needs an id");
        }
        if (weight < 0 || weight > Server.MAX_WEIGHT) {
            throw new IllegalArgumentException(
                    "weight " + weight + " of member '" + id + "' is not within 0 to " + Server.MAX_WEIGHT);
        }
        labels = Map.copyOf(labels);
    }

    /** A member without labels. */
    public Member(String id, int weight) {
        this(id, weight, Map.of());
    }

    /** This member with those of its labels that have these names. */
    public Member keepingLabels(Set<String> names) {
        if (names.containsAll(labels.keySet())) {
            return this;
        }
        Map<String, String> kept = new HashMap<>(labels);
        kept.keySet().retainAll(names);
        return new Member(id, weight, kept);
    }

    /** What routing knows of this server. */
    public static Member of(Server server) {
        return new Member(server.id(), server.weight(), server.labels());
    }
}
