package io.github.lbkit.api;

import io.github.lbkit.api.explain.Plan;
import java.util.List;
import java.util.Set;

/**
 * A pure function of members and settings that maps a 64-bit key hash to an owner, and to an order of candidates that
 * begins with the owner and contains every member once. Immutable and thread-safe. Equal ids, weights and {@link
 * #labels labels} give equal routers, whatever the history and the order of insertion. A member of weight 0 owns
 * nothing and comes last.
 *
 * <p>Health never changes a router: a caller that skips a candidate asks for the next one.
 */
public interface HashRouter {
    /** A promise of a router beyond the contract. Each promise is a law of lb-testkit's {@code HashRouterContract}. */
    enum Guarantee {
        /** The candidates without S are the candidates with S filtered out. Implies {@link #MINIMAL_DISRUPTION}. */
        CANDIDATES_FILTER,
        /** A change of members moves keys only to members that joined or grew, and from members that left or shrank. */
        MINIMAL_DISRUPTION,
        /** Shares are proportional to weights, in expectation over ids. */
        PROPORTIONAL,
        /** Only the ratios of weights matter: multiplying all weights by a power of two changes nothing. */
        WEIGHT_RATIOS
    }

    /** Returns the promises of this router. */
    Set<Guarantee> guarantees();

    /**
     * Returns the router's name and settings, for fingerprints and people. Routers that differ in any result have
     * different names.
     */
    String name();

    /**
     * Returns the names of the labels that this router reads, equal for all members; none by default. A balancer hides
     * all other labels from the router, so that they neither move a key nor rebuild a table.
     */
    default Set<String> labels() {
        return Set.of();
    }

    /** Returns the members by id; their positions are the indexes that this router returns. */
    List<Member> members();

    /** Returns the index of the member that owns this key hash; −1 if no member has a weight above 0. */
    int owner(long keyHash);

    /**
     * Returns the next candidate for this key hash; −1 after all members. The first candidate is the owner.
     *
     * @param cursor a cursor at the start of a search, or as this router left it; the router marks each candidate by
     *     {@link Cursor#visit}
     */
    int next(long keyHash, Cursor cursor);

    /** Returns the position of this key hash, such as a slot, for people; empty without a position. */
    default String position(long keyHash) {
        return "";
    }

    /** Returns this router with an additional member, or with another weight of a present member. */
    HashRouter with(Member member);

    /** Returns this router without the member with this id; itself if there is no such member. */
    HashRouter without(String id);

    /** Returns the router of the same kind and settings over these members. */
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

    /** Returns the exact share of the key space that the member owns, 0 to 1. */
    double share(int index);

    /**
     * Returns the exact shares of the key space that a change from this router to another of the same kind would move.
     *
     * @return each pair of owners between which keys move, by ids; empty if no key moves
     */
    List<Plan.Move> movesTo(HashRouter after);
}
