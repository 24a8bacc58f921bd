package io.github.lbkit.hashing;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.envoy.EnvoyMaglevRouter;
import io.github.lbkit.hashing.internal.envoy.EnvoyRingRouter;
import io.github.lbkit.hashing.internal.ketama.KetamaRouter;
import io.github.lbkit.hashing.internal.numbered.AssignmentRouter;
import io.github.lbkit.hashing.internal.numbered.JumpRouter;
import io.github.lbkit.hashing.internal.numbered.NumberLabel;
import io.github.lbkit.hashing.internal.rendezvous.RendezvousRouter;
import io.github.lbkit.hashing.internal.ring.FixedRingRouter;
import io.github.lbkit.hashing.internal.router.Members;
import io.github.lbkit.hashing.internal.table.CappedRouter;
import io.github.lbkit.hashing.internal.table.ClaimRouter;
import io.github.lbkit.hashing.internal.table.MaglevRouter;
import java.util.Collection;

/**
 * The routers by name. Each takes its members in any order, refuses two members with one id, and is immutable and
 * thread-safe. {@link HashRouter#guarantees} tells what a router promises; docs/hashing.md compares them. Tables, rings and
 * jump refuse more than 65,534 members; {@link #rendezvous} takes any number, and {@link #assignment} has room for 56.
 * {@link ConsistentHash} keeps a router and the hash of its keys together, for use without a balancer.
 *
 * <p>The look-up of an owner allocates nothing. A walk over candidates allocates nothing up to the fourth; for the fifth,
 * its cursor allocates a bit for each member, once. Besides, {@link #claimTable} allocates 2 bytes a slot at the first walk of
 * all that asks for a second candidate, and again for the third and the fourth.
 *
 * <p>A table's size depends on {@code maxServers} and never on the number of members: a table that grew with its members
 * would move nearly every key. More members than {@code maxServers} make balance looser, which is logged once.
 */
public final class HashRouters {
    /** The label that numbers a member of {@link #assignment} and {@link #jump}: 1 to 9 digits. No other router reads labels. */
    public static final String NUMBER_LABEL = NumberLabel.NAME;

    /** For how many servers tables are sized unless told. */
    public static final int DEFAULT_MAX_SERVERS = 128;

    /** The points for each unit of weight of {@link #ring} unless told. */
    public static final double DEFAULT_POINTS_PER_WEIGHT = 100;

    /** The slots of Envoy's Maglev unless told. */
    public static final int ENVOY_TABLE_SIZE = 65_537;

    private HashRouters() {}

    /** {@link #claimTable(Collection, int)} for {@value #DEFAULT_MAX_SERVERS} servers. */
    public static HashRouter claimTable(Collection<Member> members) {
        return claimTable(members, DEFAULT_MAX_SERVERS);
    }

    /**
     * Rendezvous hashing computed ahead: each of the table's slots belongs to the member that claims it first, at an
     * exponential time with the weight as rate, and its candidates are all members by their times. So it promises all that
     * {@link #rendezvous} does, with a look-up of one array read.
     *
     * <p>2^16 slots up to 128 servers; above, the smallest power of two with 1,024 slots for each server, 2^22 at most. 2.5
     * bytes a slot, and 2 more for each of the second, third and fourth candidate once one was asked for. A member that
     * joins, leaves or gets another weight costs O(slots), most of it a copy; a table from nothing O(slots · ln n). One look
     * at all members, O(n), finds four candidates behind the owner. Shares are proportional in expectation over ids and
     * deviate by 1 / √(2S) with S slots a member: the most loaded of 100 members on 2^16 slots has about 1.07 times its share,
     * the least loaded 0.93.
     *
     * <p><b>Good for</b> nearly everything; the default. <b>Bad for</b> more than some thousands of members, where the table
     * leaves the caches and takes seconds to build; for a handful, rendezvous is as fast and exact.
     *
     * <p>Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998, for rendezvous; a table of
     * precomputed orders is how GitHub's GLB director works.
     *
     * @param maxServers for how many servers it is sized, 1 to 65,534
     * @throws IllegalArgumentException if two members have one id, or there are more than 65,534
     */
    public static HashRouter claimTable(Collection<Member> members, int maxServers) {
        return new ClaimRouter(members, maxServers);
    }

    /**
     * Weighted rendezvous hashing: each member draws a score for the key, the lowest of −ln(u) / weight owns it, and the
     * candidates are in order of score. Shares are exactly proportional to weights, and without a member the order of
     * the others stays what it was, so what a lost server had is spread over the others in proportion to their weights.
     *
     * <p>The owner takes O(n), and so do each four candidates behind it. A change of members copies 24 bytes a member.
     *
     * <p><b>Good for</b> up to a few dozen members, exact balance, any change. <b>Bad for</b> hundreds of members at a
     * high rate of requests.
     *
     * @throws IllegalArgumentException if two members have one id
     */
    public static HashRouter rendezvous(Collection<Member> members) {
        return new RendezvousRouter(members);
    }

    /**
     * A claim table in which no member gets more than ⌈(1 + ε) · slots · weight / total⌉ slots: the peak is bounded, and a
     * change moves a little more than it must, where {@link #maglev} moves much more. The least loaded member is not
     * bounded: with 65 slots a member it has about 0.73 of its share at ε = 0.05, 0.79 at ε = 0.
     *
     * <p>Owner: one array read. The table has the size of {@link #claimTable} and 2 bytes a slot; every change makes it from
     * nothing, O(slots · ln n) with a sort. After the owner come the others in rendezvous order, O(n) for each four. Moved keys
     * ÷ the least possible on 2^16 slots: about 1.01 for 100 members at ε = 0.05, 1.35 for 1,000; at ε = 0 about 1.3 and 2.3.
     *
     * <p><b>Good for</b> an evenness that must hold for every server. <b>Bad for</b> frequent changes, large tables, and
     * whoever needs the candidates of all keys to stay in order when a member goes.
     *
     * @param maxServers for how many servers it is sized, 1 to 65,534
     * @param epsilon ε, 0 to 1, with at most four decimals
     * @throws IllegalArgumentException if two members have one id, or there are more than 65,534
     */
    public static HashRouter capped(Collection<Member> members, int maxServers, double epsilon) {
        return new CappedRouter(members, maxServers, epsilon);
    }

    /**
     * A ring with a fixed number of virtual nodes for a unit of weight: a key belongs to the first clockwise, past the last
     * to the first of all. Its candidates are the members in the order in which they follow.
     *
     * <p>Owner O(1) expected, a cell or two of one table; 13.6 bytes a point. The next candidate O(1) expected, all of them
     * O(points). A change merges points, O(points). With V points a member shares deviate by 1 / √V: at V = 100 the most
     * loaded of 10, 100, 1,000 members has about 1.16, 1.26, 1.35 times its share. Only here do weights count by themselves
     * and not by their ratios: members of weight 2 and 2 have other points than members of weight 1 and 1.
     *
     * <p>All members together have 2^23 points at most. Where they would have more, as 100 members of weight 1,000 would
     * with 10 million, each gets half, or a quarter and so on; that is logged once. Balance is looser then, and a change
     * that takes the sum past a power of two changes the points of all: such a ring promises no minimal disruption.
     *
     * <p><b>Good for</b> many thousands of members, and for a cheap walk over candidates. <b>Bad for</b> balance, and for
     * large weights.
     *
     * <p>Karger and others, "Consistent hashing and random trees", 1997.
     *
     * @param pointsPerWeight above 0, up to 100,000; the product with a weight is rounded, to 1 at least
     * @throws IllegalArgumentException if two members have one id, or there are more than 65,534
     */
    public static HashRouter ring(Collection<Member> members, double pointsPerWeight) {
        return FixedRingRouter.of(members, pointsPerWeight);
    }

    /** {@link #ketama(Collection, KetamaClient)} with the owners of {@link KetamaClient#SPYMEMCACHED}. */
    public static HashRouter ketama(Collection<Member> members) {
        return ketama(members, KetamaClient.SPYMEMCACHED);
    }

    /**
     * The ring of memcached's clients, with the owners of the client that is named. Ids have the form {@code host:port}, and
     * keys must be hashed by {@link KetamaClient#keyHash}; {@link KetamaClient#members} reads the client's list of nodes.
     *
     * <p>About 160 points for each of equal weights; unequal weights get points by libmemcached's formula, in which all
     * depend on all: a change of members then moves keys between others too, and a very light member may have no point. Costs
     * as {@link #ring}.
     *
     * <p><b>Good for</b> sharing servers with such clients. <b>Bad for</b> all else: points of 32 bits, and the client's hash
     * of a key allocates.
     *
     * @throws IllegalArgumentException if two members have one id or one name on the client's ring, an id is not {@code
     *     host:port} for libmemcached, or there are more than 65,534
     */
    public static HashRouter ketama(Collection<Member> members, KetamaClient client) {
        return new KetamaRouter(members, client.variant());
    }

    /**
     * The ring of Envoy's {@code ring_hash} policy, with the same owners. Ids must be what Envoy hashes, the address or the
     * host name, and keys be hashed by {@link KeyHashes#xxHash64}.
     *
     * <p>The number of a member's points follows from the weights of all members and from their number, so a change moves
     * keys between others too. With the least size of 1,024 points, the 103rd member takes a point from each of the others:
     * about 10 times the keys move that must. Costs as {@link #ring}, with 11 to 12 bytes a point.
     *
     * <p><b>Good for</b> standing beside Envoys. <b>Bad for</b> balance unless the ring is made large.
     *
     * @throws IllegalArgumentException if two members have one id, or there are more than 65,534
     */
    public static HashRouter envoyRing(Collection<Member> members, EnvoyRingOptions options) {
        return new EnvoyRingRouter(members, options.settings());
    }

    /**
     * Maglev: members fill a prime number of slots in turns, each the next free one of its own order. Equal weights have
     * equal shares to one slot; unequal ones take turns in proportion.
     *
     * <p>65,537 slots up to 655 servers; above, the smallest prime with 100 for each. 2 bytes a slot. Owner: one array
     * read. Every change makes the table from nothing, O(slots · ln n). After the owner come the others in rendezvous order,
     * O(n) for each four. Moved keys ÷ the least possible on 65,537 slots: about 1.03 for 10 members, 1.6 for 100, 6.7 for 1,000.
     *
     * <p><b>Good for</b> evenness to the slot, while members are few. <b>Bad for</b> caches that dislike to lose keys:
     * {@link #capped} is nearly as even and moves far fewer.
     *
     * <p>Eisenbud and others, "Maglev: a fast and reliable software network load balancer", NSDI 2016.
     *
     * @param maxServers for how many servers it is sized, 1 to 65,534
     * @throws IllegalArgumentException if two members have one id, or there are more than 65,534
     */
    public static HashRouter maglev(Collection<Member> members, int maxServers) {
        return new MaglevRouter(members, maxServers);
    }

    /**
     * Maglev with the table of Envoy's {@code maglev} policy, and so the same owners. Ids must be what Envoy hashes, the
     * address or the host name, and keys be hashed by {@link KeyHashes#xxHash64}. Costs and moves as {@link #maglev}.
     *
     * <p><b>Good for</b> standing beside Envoys. <b>Bad for</b> what {@link #maglev} is bad for.
     *
     * @param tableSize a prime, 3 to 5,000,011
     * @throws IllegalArgumentException if the size is not, two members have one id, or there are more than 65,534
     */
    public static HashRouter envoyMaglev(Collection<Member> members, int tableSize) {
        return new EnvoyMaglevRouter(members, tableSize);
    }

    /**
     * Jump consistent hashing over numbered shards, as Guava computes it. The shards are the members that have a weight, in
     * the order of their numbers: the label {@value #NUMBER_LABEL}, else the number that the id ends in, so that S10 comes
     * behind S9. Ids without a label must begin alike. Members whose order would be a guess are refused.
     *
     * <p>Owner O(ln n), the others in rendezvous order, O(n) for each four; 28 bytes a member. Shares are exactly equal.
     *
     * <p>A shard that joins behind the last moves 1 / (n + 1) of the keys, the least possible; so does the last that leaves.
     * Any other shard that joins, leaves, drains or loses its weight shifts the places of all behind it: the first of ten
     * that leaves moves nine keys of ten. Replace a shard under its own number instead of removing it.
     *
     * <p><b>Good for</b> shards that are numbered anyway, of which only the last is added or removed. <b>Bad for</b> servers
     * that come and go, and for servers of different power: weights above 0 make no difference.
     *
     * <p>Lamping and Veach, "A fast, minimal memory, consistent hash algorithm", 2014.
     *
     * @throws IllegalArgumentException if two members have one id or one number, a label is not a number, an id without a
     *     label does not end in a number of 1 to 18 digits, two such ids begin differently, or there are more than 65,534
     */
    public static HashRouter jump(Collection<Member> members) {
        return new JumpRouter(members);
    }

    /** {@link #assignment(Collection, AssignmentOptions)} with {@link AssignmentOptions#DEFAULTS}. */
    public static HashRouter assignment(Collection<Member> members) {
        return assignment(members, AssignmentOptions.DEFAULTS);
    }

    /**
     * The map of the course assignment "Implementing a Customizable Load Balancer": 512 slots, 9 virtual servers each,
     * requests at H(i) = i² + 2i + 17, virtual servers at Φ(i, j) = i² + j² + 2j + 25, both mod 512, clockwise to the
     * nearest, probing where a slot is taken. A key hash is the number i of a request; see {@link #assignmentKeys}.
     *
     * <p>A member's number is its label {@value #NUMBER_LABEL}. Members without the label get the lowest free numbers, in the
     * order of the numbers that their ids end in, or of ids where these do not tell an order. The map is built in the order of numbers, so it depends on the members alone. A weight above 0
     * makes no difference; a member of weight 0 keeps its number and is not placed.
     *
     * <p><b>Good for</b> the assignment, and for showing what its functions do. <b>Bad for</b> everything else: H
     * reaches 87 of the 512 slots, so with three servers the shares are 84.4, 4.7 and 10.9 percent; a change moves keys
     * between servers that it does not concern; 56 servers fit, 39 with quadratic probing.
     *
     * @throws RingFullException if a member finds no free slot
     * @throws IllegalArgumentException if two members have one id or one number, or a label is not a number
     */
    public static HashRouter assignment(Collection<Member> members, AssignmentOptions options) {
        return new AssignmentRouter(members, options.settings(), RingFullException::new);
    }
}
