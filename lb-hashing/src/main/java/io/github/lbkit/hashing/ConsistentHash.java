package io.github.lbkit.hashing;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.MembershipChange;
import io.github.lbkit.api.Plan;
import io.github.lbkit.api.RoutingFingerprint;
import io.github.lbkit.hashing.internal.router.Members;
import io.github.lbkit.hashing.internal.router.RequiresKeyHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An assignment of keys to members by consistent hashing, for use without a pool and a balancer: shards of a cache,
 * partitions of work, replicas of data. Keeps a {@linkplain HashRouters router} and the hash of its keys together.
 *
 * <p>Immutable and thread-safe: a change gives another object, and {@link #plan(ConsistentHash)} tells what would move. A
 * balancer whose {@code HashPolicy} has the same router and key hash gives every key the same owner over the same members.
 * A look-up costs the hash of the key and what the router costs; {@link #owner} allocates nothing if the key hash allocates
 * nothing.
 *
 * <p>A key of characters and its bytes in ASCII or Latin-1 have one owner. A number has another owner than the characters that
 * spell it, unless the key hash takes a number for its digits, as that of memcached's clients does.
 */
public final class ConsistentHash {
    private final HashRouter router;
    private final KeyHash keyHash;

    /** The ids by the router's index, each in the form in which {@link #owner} returns it. */
    private final List<Optional<String>> owners;

    private ConsistentHash(HashRouter router, KeyHash keyHash) {
        this.router = router;
        this.keyHash = keyHash;
        this.owners = router.members().stream().map(m -> Optional.of(m.id())).toList();
    }

    /**
     * Returns the assignment by this router and the key hash that goes with it: that of the system whose owners the router
     * reproduces (memcached's clients, Envoy, the assignment), and {@link KeyHashes#xxh3} for any other.
     */
    public static ConsistentHash of(HashRouter router) {
        return new ConsistentHash(router, RequiresKeyHash.keyHashOf(router));
    }

    /** Returns the assignment by this router and this key hash. */
    public static ConsistentHash of(HashRouter router, KeyHash keyHash) {
        return new ConsistentHash(router, keyHash);
    }

    /** Returns the id of the member that owns this key; empty if no member has a weight above 0. */
    public Optional<String> owner(CharSequence key) {
        return ownerOf(keyHash.hash(key));
    }

    /** Returns the id of the member that owns this number; empty if no member has a weight above 0. */
    public Optional<String> owner(long key) {
        return ownerOf(keyHash.hash(key));
    }

    /**
     * Returns the id of the member that owns these bytes, each taken as the character of its number from 0 to 255; empty if no
     * member has a weight above 0.
     */
    public Optional<String> owner(byte[] key) {
        return owner(KeyHashes.characters(key, 0, key.length));
    }

    private Optional<String> ownerOf(long hash) {
        int owner = router.owner(hash);
        return owner < 0 ? Optional.empty() : owners.get(owner);
    }

    /**
     * Returns the ids of the first members in this key's order of candidates, all different, the owner first: places for
     * replicas, or the members to ask while the owner is away. Members of weight 0 are left out.
     *
     * @param count how many ids, 1 or more; fewer are returned if fewer members have a weight above 0
     * @throws IllegalArgumentException if the count is below 1
     */
    public List<String> owners(CharSequence key, int count) {
        return ownersOf(keyHash.hash(key), count);
    }

    /** {@link #owners(CharSequence, int)} for a number. */
    public List<String> owners(long key, int count) {
        return ownersOf(keyHash.hash(key), count);
    }

    /** {@link #owners(CharSequence, int)} for bytes, taken as {@link #owner(byte[])} takes them. */
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
     * Returns this assignment with one member more, or with another weight for a member that it has; labels stay.
     *
     * @throws IllegalArgumentException if the id is blank, the weight is not 0 to 1,000,000, or the router has no place for
     *     the member
     */
    public ConsistentHash with(String id, int weight) {
        return with(new Member(id, weight));
    }

    /** {@link #with(String, int)} for a member with labels, for routers that number their members. */
    public ConsistentHash with(Member member) {
        return after(new MembershipChange(List.of(member), Set.of()));
    }

    /** Returns this assignment without the member of this id; the same if there is none. */
    public ConsistentHash without(String id) {
        return after(new MembershipChange(List.of(), Set.of(id)));
    }

    /** Returns this assignment after a change of several members at once. */
    public ConsistentHash after(MembershipChange change) {
        List<Member> next = change.applyTo(members());
        return next.equals(members()) ? this : new ConsistentHash(router.withMembers(next), keyHash);
    }

    /**
     * Returns the shares of the keys that a change would move, and changes nothing.
     *
     * @throws IllegalArgumentException if the router has no place for the members after it
     */
    public Plan plan(MembershipChange change) {
        return plan(after(change));
    }

    /**
     * Returns the shares of the keys that have another owner in another assignment.
     *
     * @throws IllegalArgumentException if the other has another kind of router, other settings of it, or another key hash
     */
    public Plan plan(ConsistentHash after) {
        if (!keyHash.name().equals(after.keyHash.name())) {
            throw new IllegalArgumentException("moves from key hash '" + keyHash.name() + "' to '"
                    + after.keyHash.name() + "' cannot be told: any key may move");
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
     * Returns a number that names this assignment across processes and machines: members, weights, the labels that the router reads, settings and
     * key hash. Two assignments with one value give every key the same owner. The same value as {@link
     * io.github.lbkit.api.LoadBalancer#routingFingerprint} of a balancer by the same router and key hash.
     */
    public long fingerprint() {
        return RoutingFingerprint.of(router, keyHash);
    }

    /** The members, by id. */
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

    /** The settings and the number of members, for people. */
    @Override
    public String toString() {
        return RoutingFingerprint.settings(router, keyHash) + ", " + members().size() + " members";
    }
}
