package io.github.lbkit.hashing.internal.numbered;

import com.google.common.hash.Hashing;
import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.hashing.internal.rendezvous.RendezvousFallback;
import io.github.lbkit.hashing.internal.router.AbstractHashRouter;
import io.github.lbkit.hashing.internal.router.Members;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Jump consistent hashing (Lamping and Veach 2014) over numbered shards, computed by Guava. The shards are the members
 * with a weight above 0, in the order of their {@linkplain ShardNumbers numbers}. Weights above 0 make no difference.
 *
 * <p>The owner takes O(ln n), and shares are exactly equal. Only the last shard should join or leave: any other shard
 * that does so shifts all later shards, and most of their keys move. Minimal disruption and shares by weight are
 * therefore not guaranteed.
 */
public final class JumpRouter extends AbstractHashRouter {
    /** The member index of each shard, in the order of numbers. */
    private final int[] shards;

    private final RendezvousFallback fallback;

    /** Creates the router of these members, in any order. */
    public JumpRouter(Collection<Member> unsorted) {
        super(Members.sorted(unsorted, "jump"));
        shards = NumberLabel.weightedInOrder(members, ShardNumbers.of(members));
        fallback = new RendezvousFallback(members);
    }

    @Override
    public Set<Guarantee> guarantees() {
        return Set.of(Guarantee.WEIGHT_RATIOS);
    }

    @Override
    public String name() {
        return "jump";
    }

    @Override
    public Set<String> labels() {
        return Set.of(NumberLabel.NAME);
    }

    @Override
    public int owner(long keyHash) {
        return shards.length == 0 ? -1 : shards[Hashing.consistentHash(keyHash, shards.length)];
    }

    @Override
    public int next(long keyHash, Cursor cursor) {
        return fallback.next(keyHash, owner(keyHash), cursor);
    }

    @Override
    public String position(long keyHash) {
        return shards.length == 0
                ? ""
                : "shard " + Hashing.consistentHash(keyHash, shards.length) + " of " + shards.length;
    }

    @Override
    public HashRouter withMembers(List<Member> newMembers) {
        return new JumpRouter(newMembers);
    }

    @Override
    public double share(int index) {
        return members.get(index).weight() == 0 ? 0 : 1.0 / shards.length;
    }

    /**
     * Returns the exact moves. A key in shard a of n stays there when there are n' &gt; n shards, or moves to one of
     * the new shards. The share of keys is 1 / (n · n') for each pair of an old and a new shard. For n' &lt; n the
     * moves are reversed.
     */
    @Override
    public List<Plan.Move> movesTo(HashRouter after) {
        if (!(after instanceof JumpRouter other)) {
            throw incomparable(after);
        }
        int before = shards.length;
        int now = other.shards.length;
        Map<String, Map<String, Double>> flows = new TreeMap<>();
        if (before == 0 || now == 0) {
            for (int i = 0; i < Math.max(before, now); i++) {
                add(flows, id(i), other.id(i), 1.0 / Math.max(before, now));
            }
        } else {
            int common = Math.min(before, now);
            int most = Math.max(before, now);
            for (int i = 0; i < common; i++) {
                add(flows, id(i), other.id(i), 1.0 / most);
                for (int j = common; j < most; j++) {
                    add(flows, id(before < now ? i : j), other.id(before < now ? j : i), 1.0 / common / most);
                }
            }
        }
        List<Plan.Move> moves = new ArrayList<>();
        flows.forEach((from, targets) -> targets.forEach((to, share) -> moves.add(new Plan.Move(from, to, share))));
        return moves;
    }

    private static void add(Map<String, Map<String, Double>> flows, String from, String to, double share) {
        if (!from.equals(to)) {
            flows.computeIfAbsent(from, f -> new TreeMap<>()).merge(to, share, Double::sum);
        }
    }

    private String id(int shard) {
        return shard < shards.length ? members.get(shards[shard]).id() : "";
    }
}
