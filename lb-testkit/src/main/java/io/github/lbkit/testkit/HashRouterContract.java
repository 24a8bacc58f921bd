package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.HashRouter.Guarantee;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Plan;
import io.github.lbkit.api.Server;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/**
 * All laws of a {@link HashRouter}: those of {@link HashRouterOrderContract}, and that its shares and moves are exact.
 * Extend it and say how the router is made.
 *
 * <p>Shares and moves are held against sampled keys: 40 checks of {@link Frequencies} a run, so a true router fails less than once in 10^9
 * runs.
 */
public abstract class HashRouterContract extends HashRouterOrderContract {
    private static final int KEYS = 50_000;
    private static final double TINY = 1e-9;

    /** For the subclass. */
    protected HashRouterContract() {}

    /** Law: shares sum to 1, and sampled owners fit them. */
    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    public void shares_are_the_owners_frequencies(@ForAll("members") List<Member> members, @ForAll long seed) {
        HashRouter router = router(members);
        Map<String, Double> shares = shares(router);

        Frequencies owners = new Frequencies();
        SampleKeys keys = new SampleKeys(seed);
        for (int i = 0; i < KEYS; i++) {
            owners.count(Routes.owner(router, keys.next()));
        }

        owners.assertFit(shares);
    }

    /** Law: sampled moves fit those that the router tells of a change: some leave, some join, some weigh otherwise. */
    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    public void moves_are_the_frequencies_of_changes(
            @ForAll("members") List<Member> members, @ForAll("members") List<Member> others, @ForAll long seed) {
        HashRouter before = router(members);
        HashRouter after = router(changed(members, others, new Random(seed)));
        Map<String, Double> expected = new TreeMap<>();
        before.movesTo(after).forEach(move -> expected.put(move.from() + " to " + move.to(), move.share()));
        expected.put(
                "stays",
                Math.max(0, 1 - expected.values().stream().mapToDouble(s -> s).sum()));

        Frequencies moves = new Frequencies();
        SampleKeys keys = new SampleKeys(seed);
        for (int i = 0; i < KEYS; i++) {
            long key = keys.next();
            String from = Routes.owner(before, key);
            String to = Routes.owner(after, key);
            moves.count(from.equals(to) ? "stays" : from + " to " + to);
        }

        moves.assertFit(expected);
    }

    /** Law: what moves to a member, less what moves from it, is what its share grows by. */
    @Property(tries = 100)
    public void moves_balance_the_shares(
            @ForAll("members") List<Member> members, @ForAll("members") List<Member> others, @ForAll long seed) {
        HashRouter before = router(members);
        HashRouter after = router(changed(members, others, new Random(seed)));

        Map<String, Double> balance = shares(before);
        Set<String> pairs = new HashSet<>();
        for (Plan.Move move : before.movesTo(after)) {
            assertThat(move.from()).isNotEqualTo(move.to());
            assertThat(move.share()).isGreaterThan(0);
            assertThat(pairs.add(move.from() + " to " + move.to())).isTrue();
            balance.merge(move.from(), -move.share(), Double::sum);
            balance.merge(move.to(), move.share(), Double::sum);
        }

        shares(after).forEach((id, share) -> balance.merge(id, -share, Double::sum));
        assertThat(balance.values()).allSatisfy(rest -> assertThat(rest).isBetween(-TINY, TINY));
    }

    /** Law: a change to nothing else moves nothing. */
    @Property(tries = 50)
    public void the_same_members_move_nothing(@ForAll("members") List<Member> members) {
        assertThat(router(members).movesTo(router(members))).isEmpty();
    }

    /** Law: the first member takes every key, and the last that leaves gives every key. */
    @Test
    public void between_nobody_and_one_every_key_moves() {
        HashRouter nobody = router(List.of());
        HashRouter one = router(List.of(new Member("S1", 1)));

        assertThat(nobody.movesTo(one)).containsExactly(new Plan.Move("", "S1", 1));
        assertThat(one.movesTo(nobody)).containsExactly(new Plan.Move("S1", "", 1));
        assertThat(nobody.movesTo(nobody)).isEmpty();
    }

    /** Law of {@link Guarantee#PROPORTIONAL}: over many ids, the mean share is proportional to the weight. */
    @Test
    public void shares_are_proportional_to_weights_in_expectation() {
        if (!guarantees(Guarantee.PROPORTIONAL, List.of(new Member("S1", 1)))) {
            return;
        }

        assertProportional(1, 1, 2, 5, 20, Math.min(300, maxWeight()));
    }

    /**
     * Law of {@link Guarantee#PROPORTIONAL}: light members beside a heavy one get their share, small as it is. A table
     * whose members claim slots at multiples of its unit alone gives them too little.
     */
    @Test
    public void light_members_beside_a_heavy_one_get_their_share_in_expectation() {
        if (!guarantees(Guarantee.PROPORTIONAL, List.of(new Member("S1", 1)))) {
            return;
        }

        for (int heavy : new int[] {300, 10_000, Server.MAX_WEIGHT}) {
            int[] weights = new int[31];
            Arrays.fill(weights, 1);
            weights[0] = Math.min(heavy, maxWeight());
            assertProportional(weights);
        }
    }

    /** Over 200 sets of ids: the mean share of each weight, all members of it together, within 7 of its deviations. */
    private void assertProportional(int... weights) {
        int sets = 200;
        double total = IntStream.of(weights).sum();
        Map<Integer, double[]> shares = new TreeMap<>();
        for (int set = 0; set < sets; set++) {
            List<Member> members = new ArrayList<>();
            for (int i = 0; i < weights.length; i++) {
                members.add(new Member(String.format(Locale.ROOT, "%02d of set %d", i, set), weights[i]));
            }
            HashRouter router = router(members);
            for (int i = 0; i < weights.length; i++) {
                shares.computeIfAbsent(weights[i], w -> new double[sets])[set] += router.share(i);
            }
        }

        shares.forEach((weight, ofSets) -> {
            double expected =
                    weight * IntStream.of(weights).filter(w -> w == weight).count() / total;
            double mean = DoubleStream.of(ofSets).sum() / sets;
            double squares =
                    DoubleStream.of(ofSets).map(s -> (s - mean) * (s - mean)).sum();
            double slack = 7 * Math.sqrt(squares / (sets - 1) / sets) + TINY;
            assertThat(mean)
                    .as("mean share of weight %s of %s", weight, total)
                    .isBetween(expected - slack, expected + slack);
        });
    }

    /** A third of the members leave, a third get the weight of one of the others, and some of the others join. */
    private List<Member> changed(List<Member> members, List<Member> others, Random random) {
        Map<String, Member> changed = new TreeMap<>();
        for (Member other : others) {
            if (random.nextInt(3) == 0 && changed.size() < maxMembers() / 2) {
                changed.put(other.id(), other);
            }
        }
        for (Member member : members) {
            int what = random.nextInt(3);
            if (what == 1 && changed.size() < maxMembers()) {
                int weight = others.get(random.nextInt(others.size())).weight();
                changed.put(member.id(), new Member(member.id(), weight, member.labels()));
            } else if (what == 2 && changed.size() < maxMembers()) {
                changed.put(member.id(), member);
            }
        }
        return List.copyOf(changed.values());
    }

    /** By id; all of it belongs to nobody if no member has a weight. */
    private static Map<String, Double> shares(HashRouter router) {
        Map<String, Double> shares = new TreeMap<>();
        for (int i = 0; i < router.members().size(); i++) {
            shares.put(router.members().get(i).id(), router.share(i));
        }
        shares.put("", router.owner(0) < 0 ? 1.0 : 0.0);
        return shares;
    }
}
