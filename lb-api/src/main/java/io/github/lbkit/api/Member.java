package io.github.lbkit.api;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A server as routing sees it. Immutable.
 *
 * @param id the server's id
 * @param weight 0 to {@value Server#MAX_WEIGHT}; a member of weight 0 gets no requests
 * @param labels the labels of the server; a policy sees only the labels in {@link Policy#labels}
 */
public record Member(String id, int weight, Map<String, String> labels) {
    /** The canonical order: by id, code unit by code unit. */
    public static final Comparator<Member> BY_ID = Comparator.comparing(Member::id);

    /** Checks the components and copies the map. */
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

    /** Creates a member without labels. */
    public Member(String id, int weight) {
        this(id, weight, Map.of());
    }

    /** Returns this member with only the labels of these names. */
    public Member keepingLabels(Set<String> names) {
        if (names.containsAll(labels.keySet())) {
            return this;
        }
        Map<String, String> kept = new HashMap<>(labels);
        kept.keySet().retainAll(names);
        return new Member(id, weight, kept);
    }

    /** Returns the member for this server. */
    public static Member of(Server server) {
        return new Member(server.id(), server.weight(), server.labels());
    }
}
