package io.github.lbkit.testkit;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;

/**
 * A simple router that fulfils every guarantee: 256 slots, each with an order of candidates. The score of a member at a
 * slot is a parameter, so that a test can break a guarantee.
 */
final class TableRouter implements HashRouter {
    private static final int BITS = 8;
    private static final int SLOTS = 1 << BITS;

    private final List<Member> members;
    private final Scoring scoring;
    private final int[][] orders = new int[SLOTS][];
    private final ToDoubleBiFunction<HashRouter, Integer> shares;

    /** The score of a member at a slot before its weight; lower is better. */
    interface Scoring {
        double score(int slot, Member member, int position, int size);
    }

    TableRouter(List<Member> unsorted, Scoring scoring) {
        this(unsorted, scoring, TableRouter::slotsOwned);
    }

    TableRouter(List<Member> unsorted, Scoring scoring, ToDoubleBiFunction<HashRouter, Integer> shares) {
        this.members = unsorted.stream().sorted(Member.BY_ID).toList();
        this.scoring = scoring;
        this.shares = shares;
        if (members.stream().map(Member::id).distinct().count() < members.size()) {
            throw new IllegalArgumentException("two members have one id: " + members);
        }
        for (int slot = 0; slot < SLOTS; slot++) {
            double[] scores = new double[members.size()];
            for (int i = 0; i < scores.length; i++) {
                Member member = members.get(i);
                scores[i] = scoring.score(slot, member, i, scores.length) / member.weight();
            }
            orders[slot] = IntStream.range(0, scores.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> scores[i]))
                    .mapToInt(i -> i)
                    .toArray();
        }
    }

    /** Returns an exponentially distributed hash of slot and id. */
    static double fair(int slot, Member member, int position, int size) {
        return draw(slot, member.id().hashCode());
    }

    /** Returns a hash rounded to one value per slot, as a table without jitter has it. */
    static double withoutJitter(int slot, Member member, int position, int size) {
        double uniform = 1 - StrictMath.exp(-fair(slot, member, position, size));
        return -StrictMath.log(1 - (StrictMath.floor(uniform * SLOTS) + 0.5) / SLOTS);
    }

    /** Returns a hash of slot and position: the score of a router that depends on the order of its list. */
    static double byPosition(int slot, Member member, int position, int size) {
        return draw(slot, position);
    }

    /** Returns a hash that depends on the number of members: adding one moves keys between the others. */
    static double bySize(int slot, Member member, int position, int size) {
        return draw(slot, member.id().hashCode() + 31 * size);
    }

    private static double draw(int slot, int name) {
        long mixed = new SampleKeys(slot * 0x1_0000_0001L + ((long) name << 20)).next();
        return -StrictMath.log(((mixed >>> 12) + 0.5) * 0x1p-52);
    }

    static double slotsOwned(HashRouter router, int index) {
        return (double) IntStream.range(0, SLOTS)
                        .filter(slot -> router.owner((long) slot << (64 - BITS)) == index)
                        .count()
                / SLOTS;
    }

    @Override
    public Set<Guarantee> guarantees() {
        return Set.of(Guarantee.CANDIDATES_FILTER, Guarantee.PROPORTIONAL, Guarantee.WEIGHT_RATIOS);
    }

    @Override
    public String name() {
        return "table of " + SLOTS;
    }

    @Override
    public List<Member> members() {
        return members;
    }

    @Override
    public int owner(long keyHash) {
        int[] order = orders[(int) (keyHash >>> (64 - BITS))];
        return order.length == 0 || members.get(order[0]).weight() == 0 ? -1 : order[0];
    }

    @Override
    public int next(long keyHash, Cursor cursor) {
        int[] order = orders[(int) (keyHash >>> (64 - BITS))];
        if (cursor.taken() == order.length) {
            return -1;
        }
        int next = order[cursor.taken()];
        cursor.visit(next);
        return next;
    }

    @Override
    public HashRouter with(Member member) {
        List<Member> more = new ArrayList<>(members);
        more.removeIf(m -> m.id().equals(member.id()));
        more.add(member);
        return new TableRouter(more, scoring, shares);
    }

    @Override
    public HashRouter without(String id) {
        return new TableRouter(members.stream().filter(m -> !m.id().equals(id)).toList(), scoring, shares);
    }

    @Override
    public double share(int index) {
        return shares.applyAsDouble(this, index);
    }

    @Override
    public List<Plan.Move> movesTo(HashRouter after) {
        Map<List<String>, Integer> slots = new TreeMap<>(Comparator.comparing(List::toString));
        for (long slot = 0; slot < SLOTS; slot++) {
            String from = RouterLookups.owner(this, slot << (64 - BITS));
            String to = RouterLookups.owner(after, slot << (64 - BITS));
            if (!from.equals(to)) {
                slots.merge(List.of(from, to), 1, Integer::sum);
            }
        }
        return slots.entrySet().stream()
                .map(e -> new Plan.Move(e.getKey().get(0), e.getKey().get(1), (double) e.getValue() / SLOTS))
                .toList();
    }
}
