package io.github.lbkit.hashing;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.envoy.EnvoyMaglevRouter;
import io.github.lbkit.hashing.internal.envoy.EnvoyRingRouter;
import io.github.lbkit.hashing.internal.ketama.KetamaRouter;
import io.github.lbkit.hashing.internal.numbered.AssignmentRouter;
import io.github.lbkit.hashing.internal.numbered.JumpRouter;
import io.github.lbkit.hashing.internal.numbered.NumberLabel;
import io.github.lbkit.hashing.internal.rendezvous.RendezvousRouter;
import io.github.lbkit.hashing.internal.ring.FixedRingRouter;
import io.github.lbkit.hashing.internal.table.CappedRouter;
import io.github.lbkit.hashing.internal.table.ClaimRouter;
import io.github.lbkit.hashing.internal.table.MaglevRouter;
import java.util.Collection;

/**
 * Factories of the routers. Every router takes its members in any order, refuses two members with one id, and is
 * immutable and thread-safe. {@link HashRouter#guarantees} lists the guarantees of a router; docs/hashing.md compares
 * the routers. Tables, rings and jump refuse more than 65,534 members; {@link #rendezvous} takes any number, and {@link
 * #assignment} has room for 56.
 *
 * <p>Without a balancer, {@link ConsistentHash} combines a router with a key hash. With a balancer, a router is the
 * core of a policy:
 *
 * <pre>{@code
 * Policy policy = new HashPolicy("mine", members -> HashRouters.claimTable(members, 1_000), KeyHashes.xxh3());
 * LoadBalancer balancer = LoadBalancer.builder(pool, policy).build();
 * }</pre>
 *
 * <p>Neither the look-up of an owner nor the iteration over the first four candidates allocates memory. For the fifth
 * candidate, the cursor allocates one bit for each member, once. In addition, {@link #claimTable} allocates 2 bytes for
 * each slot when a second candidate is first needed, and again for the third and the fourth.
 *
 * <p>The size of a table depends on {@code maxServers} and never on the number of members: a table that grew with its
 * members would move nearly all keys. More members than {@code maxServers} make the balance looser, which is logged
 * once.
 */
public final class HashRouters {
    /**
     * The label that numbers a member of {@link #assignment} and {@link #jump}: 1 to 9 digits. Other routers read no
     * labels.
     */
    public static final String NUMBER_LABEL = NumberLabel.NAME;

    /** The default number of servers for which tables are sized. */
    public static final int DEFAULT_MAX_SERVERS = 128;

    /** The default number of points for each unit of weight of {@link #ring}. */
    public static final double DEFAULT_POINTS_PER_WEIGHT = 100;

    /** The default number of slots of Envoy's Maglev. */
    public static final int ENVOY_TABLE_SIZE = 65_537;

    private HashRouters() {}

    /** Returns {@link #claimTable(Collection, int)} for {@value #DEFAULT_MAX_SERVERS} servers. */
    public static HashRouter claimTable(Collection<Member> members) {
        return claimTable(members, DEFAULT_MAX_SERVERS);
    }

    /**
     * Returns a router by precomputed rendezvous hashing. Each slot of a table belongs to the member that claims it
     * first. Claims have exponentially distributed times with the weight as rate, and the candidates of a slot are all
     * members in the order of their times. The table therefore has all guarantees of {@link #rendezvous}, and a look-up
     * is one array read.
     *
     * <p>The table has 2^16 slots for up to 128 servers. Above, it has the smallest power of two with 1,024 slots for
     * each server, but at most 2^22. Memory is 2.5 bytes for each slot, and 2 more for each of the second, third and
     * fourth candidate after its first use. A member that joins, leaves or gets another weight costs O(slots), most of
     * it a copy; a new table costs O(slots · ln n). One scan over all members, O(n), finds four candidates after the
     * owner. Shares are proportional in expectation over ids. With S slots for each member they deviate by 1 / √(2S):
     * the most loaded of 100 members on 2^16 slots has about 1.07 times its share, the least loaded 0.93.
     *
     * <p><b>Good for</b> nearly all purposes; the default. <b>Bad for</b> more than some thousands of members, where
     * the table does not fit into the caches and takes seconds to build. For a few members, rendezvous hashing is as
     * fast, and exact.
     *
     * <p>Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998, for rendezvous hashing.
     * GitHub's GLB director uses a table of precomputed orders.
     *
     * @param maxServers the number of servers for which the table is sized, 1 to 65,534
     * @throws IllegalArgumentException if two members have one id, or there are more than 65,534
     */
    public static HashRouter claimTable(Collection<Member> members, int maxServers) {
        return new ClaimRouter(members, maxServers);
    }

    /**
     * Returns a router by weighted rendezvous hashing. Each member draws a score for the key. The lowest score −ln(u) /
     * weight owns the key, and the candidates are in the order of scores. Shares are exactly proportional to weights.
     * Without one member, the order of the other members stays the same, so the keys of a lost server spread over the
     * others in proportion to their weights.
     *
     * <p>The owner takes O(n), and so do each four candidates after it. A change of members copies 24 bytes for each
     * member.
     *
     * <p><b>Good for</b> up to a few dozen members, exact balance, any change. <b>Bad for</b> hundreds of members at a
     * high request rate.
     *
     * @throws IllegalArgumentException if two members have one id
     */
    public static HashRouter rendezvous(Collection<Member> members) {
        return new RendezvousRouter(members);
    }

    /**
     * Returns a claim table in which no member gets more than ⌈(1 + ε) · slots · weight / total⌉ slots. The peak load
     * is bounded, and a change moves slightly more keys than necessary; {@link #maglev} moves many more. The share of
     * the least loaded member is not bounded: with 65 slots for each member it is about 0.73 of the fair share at ε =
     * 0.05, and 0.79 at ε = 0.
     *
     * <p>The owner takes one array read. The table has the size of {@link #claimTable} and 2 bytes for each slot. Every
     * change builds a new table, O(slots · ln n) with a sort. The other members follow the owner in rendezvous order,
     * O(n) for each four. Moved keys ÷ the least possible on 2^16 slots: about 1.01 for 100 members at ε = 0.05, 1.35
     * for 1,000; at ε = 0 about 1.3 and 2.3.
     *
     * <p><b>Good for</b> a bounded share of every server. <b>Bad for</b> frequent changes, large tables, and uses in
     * which the candidates of all keys must stay in order when a member leaves.
     *
     * @param maxServers the number of servers for which the table is sized, 1 to 65,534
     * @param epsilon ε, 0 to 1, with at most four decimals
     * @throws IllegalArgumentException if two members have one id, or there are more than 65,534
     */
    public static HashRouter capped(Collection<Member> members, int maxServers, double epsilon) {
        return new CappedRouter(members, maxServers, epsilon);
    }

    /**
     * Returns a ring with a fixed number of virtual nodes (points) for each unit of weight. A key belongs to the first
     * point clockwise; past the last point to the first one. The candidates are the members in the order of the points
     * that follow.
     *
     * <p>The owner takes O(1) expected, one or two cells of one table. Memory is 13.6 bytes for each point. The next
     * candidate takes O(1) expected, all candidates O(points). A change merges points, O(points). With V points for
     * each member, shares deviate by 1 / √V: at V = 100 the most loaded of 10, 100, 1,000 members has about 1.16, 1.26,
     * 1.35 times its share. Only in this router do absolute weights count, not their ratios: members of weight 2 and 2
     * have other points than members of weight 1 and 1.
     *
     * <p>All members together have at most 2^23 points. If they would have more, such as 100 members of weight 1,000
     * with 10 million, each has half of its points, or a quarter and so on, which is logged once. The balance is then
     * looser. A change that takes the sum past a power of two changes the points of all members, so such a ring does
     * not guarantee minimal disruption.
     *
     * <p><b>Good for</b> many thousands of members, and for cheap iteration over candidates. <b>Bad for</b> balance,
     * and for large weights.
     *
     * <p>Karger and others, "Consistent hashing and random trees", 1997.
     *
     * @param pointsPerWeight above 0, up to 100,000; the product with a weight is rounded to at least 1
     * @throws IllegalArgumentException if two members have one id, or there are more than 65,534
     */
    public static HashRouter ring(Collection<Member> members, double pointsPerWeight) {
        return FixedRingRouter.of(members, pointsPerWeight);
    }

    /** Returns {@link #ketama(Collection, KetamaClient)} with the owners of {@link KetamaClient#SPYMEMCACHED}. */
    public static HashRouter ketama(Collection<Member> members) {
        return ketama(members, KetamaClient.SPYMEMCACHED);
    }

    /**
     * Returns the ring of memcached clients, with the owners of the given client. Ids have the form {@code host:port},
     * and {@link KetamaClient#keyHash} must hash the keys. {@link KetamaClient#members} parses the node list of the
     * client.
     *
     * <p>Members of equal weight have about 160 points each. Otherwise the number of points follows libmemcached's
     * formula, in which it depends on all members: a change then moves keys between other members too, and a very light
     * member may have no point. The costs are those of {@link #ring}.
     *
     * <p><b>Good for</b> sharing servers with memcached clients. <b>Bad for</b> all other uses: points have 32 bits,
     * and the key hash of the client allocates.
     *
     * @throws IllegalArgumentException if two members have one id or one name on the client's ring, an id is not {@code
     *     host:port} for libmemcached, or there are more than 65,534
     */
    public static HashRouter ketama(Collection<Member> members, KetamaClient client) {
        return new KetamaRouter(members, client.variant());
    }

    /**
     * Returns the ring of Envoy's {@code ring_hash} policy, with the same owners. Ids must be what Envoy hashes, the
     * address or the host name, and {@link KeyHashes#xxHash64} must hash the keys.
     *
     * <p>The number of points of a member depends on the weights and on the number of all members, so a change moves
     * keys between other members too. With the minimum size of 1,024 points, the 103rd member takes a point from each
     * other member: about 10 times the necessary keys move. The costs are those of {@link #ring}, with 11 to 12 bytes
     * for each point.
     *
     * <p><b>Good for</b> running beside Envoy. <b>Bad for</b> balance, unless the ring is large.
     *
     * @throws IllegalArgumentException if two members have one id, or there are more than 65,534
     */
    public static HashRouter envoyRing(Collection<Member> members, EnvoyRingOptions options) {
        return new EnvoyRingRouter(members, options.settings());
    }

    /**
     * Returns a router by Maglev hashing. Members take turns to fill a table with a prime number of slots; in its turn
     * a member takes the next free slot of its own sequence. The shares of equal weights differ by one slot at most.
     * Members of unequal weight have turns in proportion.
     *
     * <p>The table has 65,537 slots for up to 655 servers; above, the smallest prime number with 100 slots for each
     * server. Memory is 2 bytes for each slot. The owner takes one array read. Every change builds a new table, O(slots
     * · ln n). The other members follow the owner in rendezvous order, O(n) for each four. Moved keys ÷ the least
     * possible on 65,537 slots: about 1.03 for 10 members, 1.6 for 100, 6.7 for 1,000.
     *
     * <p><b>Good for</b> shares that are equal to one slot, with few members. <b>Bad for</b> caches, which lose many
     * keys in a change: {@link #capped} is nearly as even and moves far fewer keys.
     *
     * <p>Eisenbud and others, "Maglev: a fast and reliable software network load balancer", NSDI 2016.
     *
     * @param maxServers the number of servers for which the table is sized, 1 to 65,534
     * @throws IllegalArgumentException if two members have one id, or there are more than 65,534
     */
    public static HashRouter maglev(Collection<Member> members, int maxServers) {
        return new MaglevRouter(members, maxServers);
    }

    /**
     * Returns a router by Maglev hashing with the table of Envoy's {@code maglev} policy, and so the same owners. Ids
     * must be what Envoy hashes, the address or the host name, and {@link KeyHashes#xxHash64} must hash the keys. Costs
     * and moves are those of {@link #maglev}.
     *
     * <p><b>Good for</b> running beside Envoy. <b>Bad for</b> the uses for which {@link #maglev} is bad.
     *
     * @param tableSize the number of slots, a prime from 3 to 5,000,011
     * @throws IllegalArgumentException if the size is not such a prime, two members have one id, or there are more than
     *     65,534
     */
    public static HashRouter envoyMaglev(Collection<Member> members, int tableSize) {
        return new EnvoyMaglevRouter(members, tableSize);
    }

    /**
     * Returns a router by jump consistent hashing over numbered shards, computed by Guava. The shards are the members
     * with a weight above 0, in the order of their numbers. The number is the label {@value #NUMBER_LABEL}, otherwise
     * the number at the end of the id, so that S10 follows S9. Ids without a label must have one prefix. Members whose
     * order is not certain are refused.
     *
     * <p>The owner takes O(ln n). The other members follow in rendezvous order, O(n) for each four. Memory is 28 bytes
     * for each member. Shares are exactly equal.
     *
     * <p>A shard that joins after the last one moves 1 / (n + 1) of the keys, the least possible, and the last shard
     * that leaves moves as few. Any other shard that joins, leaves, drains or loses its weight shifts all later shards:
     * the first of ten that leaves moves nine tenths of the keys. Replace a shard under its own number instead of
     * removing it.
     *
     * <p><b>Good for</b> numbered shards of which only the last one is added or removed. <b>Bad for</b> servers that
     * join and leave in any order, and for servers of different capacity: weights above 0 make no difference.
     *
     * <p>Lamping and Veach, "A fast, minimal memory, consistent hash algorithm", 2014.
     *
     * @throws IllegalArgumentException if two members have one id or one number, a label is not a number, an id without
     *     a label does not end in a number of 1 to 18 digits, two such ids have different prefixes, or there are more
     *     than 65,534
     */
    public static HashRouter jump(Collection<Member> members) {
        return new JumpRouter(members);
    }

    /** Returns {@link #assignment(Collection, AssignmentOptions)} with {@link AssignmentOptions#DEFAULTS}. */
    public static HashRouter assignment(Collection<Member> members) {
        return assignment(members, AssignmentOptions.DEFAULTS);
    }

    /**
     * Returns the map of the course assignment "Implementing a Customizable Load Balancer". It has 512 slots and 9
     * virtual servers for each server. Requests are at H(i) = i² + 2i + 17, virtual servers at Φ(i, j) = i² + j² + 2j +
     * 25, both mod 512. A request goes to the nearest virtual server clockwise. A virtual server whose slot is taken
     * probes for a free one. The key hash is the number i of a request; see {@link KeyHashes#assignment}.
     *
     * <p>The number of a member is its label {@value #NUMBER_LABEL}. Members without the label get the lowest free
     * numbers, in the order of the numbers at the end of their ids, or of the ids themselves if those numbers give no
     * order. The map is built in the order of numbers, so it depends only on the members. A weight above 0 makes no
     * difference; a member of weight 0 keeps its number and is not placed.
     *
     * <p><b>Good for</b> the course assignment, and for demonstrating its functions. <b>Bad for</b> all other uses: H
     * reaches 87 of the 512 slots, so with three servers the shares are 84.4, 4.7 and 10.9 percent. A change moves keys
     * between servers that did not change. The map has room for 56 servers, or 39 with quadratic probing.
     *
     * @throws RingFullException if a member finds no free slot
     * @throws IllegalArgumentException if two members have one id or one number, or a label is not a number
     */
    public static HashRouter assignment(Collection<Member> members, AssignmentOptions options) {
        return new AssignmentRouter(members, options.settings(), RingFullException::new);
    }
}
