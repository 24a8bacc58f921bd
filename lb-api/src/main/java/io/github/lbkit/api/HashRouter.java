package io.github.lbkit.api;

import java.util.List;
import java.util.Set;

/**
 * A pure function of (members, settings) from a 64-bit key hash to an owner, and to a distinct and complete order of
 * candidates that begins with it. Immutable and thread-safe. The same ids, weights and {@link #labels labels that count}
 * give the same router, whatever the history and the order of insertion. A member of weight 0 owns nothing and comes last.
 *
 * <p>Health never changes a router: whoever skips a candidate asks for the next.
 */
public interface HashRouter {
    /** What a router promises beyond the contract; each is a law of lb-testkit's {@code HashRouterContract}. */
    enum Guarantee {
        /** The candidates without S are the candidates with S filtered out. Implies {@link #MINIMAL_DISRUPTION}. */
        CANDIDATES_FILTER,
        /** A change of members moves keys only to those that joined or grew, and from those that left or shrank. */
        MINIMAL_DISRUPTION,
        /** Shares are proportional to weights, in expectation over ids. */
        PROPORTIONAL,
        /** Only the ratios of weights count: all of them times a power of two change nothing. */
        WEIGHT_RATIOS
    }

    /** What this router promises. */
    Set<Guarantee> guarantees();

    /** The router's name and settings, for fingerprints and people; different answers have different names. */
    String name();

    /**
     * The names of the labels that this router reads, the same for any members; none unless a router says otherwise. A
     * balancer hides all other labels from the router, so that they can neither move a key nor rebuild a table.
     */
    default Set<String> labels() {
        return Set.of();
    }

    /** The members, by id: their positions are the indexes that this router answers. */
    List<Member> members();

    /** The index of the member that owns this key hash; −1 if no member has a weight above 0. */
    int owner(long keyHash);

    /**
     * The next candidate for this key hash, or −1 when every member was given. The first is the owner.
     *
     * @param cursor at the start of a walk, or as this router left it; the router marks what it gives by
     *     {@link Cursor#visit}
     */
    int next(long keyHash, Cursor cursor);

    /** Where this key hash lands, such as a slot, for people; empty if there is nothing to say. */
    default String position(long keyHash) {
        return "";
    }

    /** This router with a member more, or with another weight for one that it has. */
    HashRouter with(Member member);

    /** This router without the member of this id; itself if there is none. */
    HashRouter without(String id);

    /** The router of the same kind and settings over these members. */
    default HashRouter withMembers(List<Member> members) {
        HashRouter router = this;
        Set<String> kept = new java.util.HashSet<>();
        members.forEach(m -> kept.add(m.id()));
        for (Member old : members()) {
            router = kept.contains(old.id()) ? router : router.without(old.id());
        }
        for (Member member : members) {
            router = router.with(member);
        }
        return router;
    }

    /** The exact share of the key space that the member at this index owns, 0 to 1. */
    double share(int index);

    /**
     * The exact shares of the key space that a change from this router to another of the same kind would move.
     *
     * @return each pair of owners between which keys move, by ids; none if nothing moves
     */
    List<Plan.Move> movesTo(HashRouter after);
}
