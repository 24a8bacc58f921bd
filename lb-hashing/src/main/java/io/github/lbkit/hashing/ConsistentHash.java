package io.github.lbkit.hashing;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.api.policy.RoutingFingerprint;
import io.github.lbkit.hashing.internal.router.RequiresKeyHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An assignment of keys to members by consistent hashing, for use without a pool and a balancer: shards of a cache,
 * partitions of work, replicas of data. It consists of a {@linkplain HashRouters router} and a key hash.
 *
 * <pre>{@code
 * ConsistentHash shards = ConsistentHash.of(HashRouters.claimTable(
 *         List.of(new Member("cache1", 1), new Member("cache2", 1), new Member("cache3", 2))));
 *
 * String owner = shards.owner("user:17").orElseThrow(); // empty only if no member has a weight above 0
 * List<String> replicas = shards.owners("user:17", 2); // the owner, then the next candidate
 *
 * ConsistentHash larger = shards.with("cache4", 1); // a new object
 * double moved = shards.plan(larger).movedShare(); // the share of keys that cache4 takes
 * }</pre>
 *
 * <p>Immutable and thread-safe. A change returns a new object, and {@link #plan(ConsistentHash)} returns the moves
 * between two objects. A balancer whose {@code HashPolicy} has the same router and key hash gives every key the same
 * owner over the same members. A look-up costs one key hash and one look-up of the router; {@link #owner} allocates
 * nothing if the key hash allocates nothing.
 *
 * <p>Characters and the same characters as bytes in ASCII or Latin-1 have one owner. A number and its decimal digits
 * have different owners, unless the key hash takes a number as its digits, such as that of memcached clients.
 */
public final class ConsistentHash {
    private final HashRouter router;
    private final KeyHash keyHash;

    /** The ids by the index of the router, as {@link #owner} returns them. */
    private final List<Optional<String>> owners;

    private ConsistentHash(HashRouter router, KeyHash keyHash) {
        this.router = router;
        this.keyHash = keyHash;
        this.owners = router.members().stream().map(m -> Optional.of(m.id())).toList();
    }

    /**
     * Returns the assignment by a router and its key hash. That is the key hash of the system whose owners the router
     * reproduces (memcached clients, Envoy, the course assignment), and {@link KeyHashes#xxh3} for any other router.
     */
    public static ConsistentHash of(HashRouter router) {
        return new ConsistentHash(router, RequiresKeyHash.keyHashOf(router));
    }

    /** Returns the assignment by a router and a key hash. */
    public static ConsistentHash of(HashRouter router, KeyHash keyHash) {
        return new ConsistentHash(router, keyHash);
    }

    /** Returns the id of the member that owns a key; empty if no member has a weight above 0. */
    public Optional<String> owner(CharSequence key) {
        return ownerOf(keyHash.hash(key));
    }

    /** Returns the id of the member that owns a number; empty if no member has a weight above 0. */
    public Optional<String> owner(long key) {
        return ownerOf(keyHash.hash(key));
    }

    /**
     * Returns the id of the member that owns bytes, each taken as a character from 0 to 255; empty if no member has a
     * weight above 0.
     */
    public Optional<String> owner(byte[] key) {
        return owner(KeyHashes.characters(key, 0, key.length));
    }

    private Optional<String> ownerOf(long hash) {
        int owner = router.owner(hash);
        return owner < 0 ? Optional.empty() : owners.get(owner);
    }

    /**
     * Returns the ids of the first candidates of a key, all different, the owner first. Use them for replicas, or for
     * requests while the owner is unavailable. Members of weight 0 are omitted.
     *
     * @param count the number of ids, 1 or more; fewer are returned if fewer members have a weight above 0
     * @throws IllegalArgumentException if the count is below 1
     */
    public List<String> owners(CharSequence key, int count) {
        return ownersOf(keyHash.hash(key), count);
    }

    /** Returns the ids of the first candidates of a number, as {@link #owners(CharSequence, int)} does. */
    public List<String> owners(long key, int count) {
        return ownersOf(keyHash.hash(key), count);
    }

    /** Returns the ids of the first candidates of bytes, which are characters as in {@link #owner(byte[])}. */
    public List<String> owners(byte[] key, int count) {
        return owners(KeyHashes.characters(key, 0, key.length), count);
    }

    private List<String> ownersOf(long hash, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("count " + count + " of owners is not 1 or more");
        }
        List<String> ids = new ArrayList<>(Math.min(count, members().size()));
        Cursor cursor = new Cursor(() -> 0);
        while (ids.size() < count) {
            int index = router.next(hash, cursor);
            if (index < 0 || members().get(index).weight() == 0) {
                break; // members of weight 0 come last
            }
            ids.add(members().get(index).id());
        }
        return List.copyOf(ids);
    }

    /**
     * Returns this assignment with an additional member, or with a new weight of a present member, which keeps its
     * labels.
     *
     * @throws IllegalArgumentException if the id is blank, the weight is not 0 to 1,000,000, or the router refuses the
     *     member
     */
    public ConsistentHash with(String id, int weight) {
        return with(new Member(id, weight));
    }

    /** Returns this assignment with a member that has labels, for routers that number their members. */
    public ConsistentHash with(Member member) {
        return after(new MembershipChange(List.of(member), Set.of()));
    }

    /** Returns this assignment without the member of this id; this object if there is none. */
    public ConsistentHash without(String id) {
        return after(new MembershipChange(List.of(), Set.of(id)));
    }

    /** Returns this assignment after a change of several members at once. */
    public ConsistentHash after(MembershipChange change) {
        List<Member> next = change.applyTo(members());
        return next.equals(members()) ? this : new ConsistentHash(router.withMembers(next), keyHash);
    }

    /**
     * Returns the shares of the keys that a change would move.
     *
     * @throws IllegalArgumentException if the router refuses the members after the change
     */
    public Plan plan(MembershipChange change) {
        return plan(after(change));
    }

    /**
     * Returns the shares of the keys that have another owner in the given assignment.
     *
     * @throws IllegalArgumentException if that assignment has a router of another kind or with other settings, or
     *     another key hash
     */
    public Plan plan(ConsistentHash after) {
        if (!keyHash.name().equals(after.keyHash.name())) {
            throw new IllegalArgumentException("moves from key hash '" + keyHash.name() + "' to '"
                    + after.keyHash.name() + "' cannot be computed: any key may move");
        }
        return Plan.of(router.movesTo(after.router), shares(), after.shares());
    }

    /** Returns the exact share of all keys that each member owns, by id, 0 to 1. */
    public Map<String, Double> shares() {
        Map<String, Double> shares = new LinkedHashMap<>();
        for (int i = 0; i < members().size(); i++) {
            shares.put(members().get(i).id(), router.share(i));
        }
        return shares;
    }

    /**
     * Returns a number that identifies this assignment across processes and machines. It covers members, weights, the
     * labels that the router reads, settings and key hash: two assignments with the same fingerprint give every key the
     * same owner. A balancer with the same router, key hash and members has the same {@link
     * io.github.lbkit.api.LoadBalancer#routingFingerprint}.
     */
    public long fingerprint() {
        return RoutingFingerprint.of(router, keyHash);
    }

    /** The members, sorted by id. */
    public List<Member> members() {
        return router.members();
    }

    /** The router. */
    public HashRouter router() {
        return router;
    }

    /** The function that hashes keys. */
    public KeyHash keyHash() {
        return keyHash;
    }

    /** Returns the settings and the number of members, for people. */
    @Override
    public String toString() {
        return RoutingFingerprint.settings(router, keyHash) + ", " + members().size() + " members";
    }
}
