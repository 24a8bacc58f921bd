package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.HashRouter.Guarantee;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.explain.Plan;
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
 * A test of a router extends this suite:
 *
 * <pre>{@code
 * class MyRouterTest extends HashRouterContract {
 *     @Override
 *     protected HashRouter router(List<Member> members) {
 *         return new MyRouter(members);
 *     }
 *
 *     @Override
 *     protected long goldenChecksum() {
 *         return 1234567890123456789L; // the failing test reports the number to put here
 *     }
 * }
 * }</pre>
 *
 * <p>Shares and moves are compared with sampled keys, in 40 checks of {@link Frequencies} per run. A correct router
 * fails less than once in 10^9 runs.
 */
public abstract class HashRouterContract extends HashRouterOrderContract {
    private static final int KEYS = 50_000;
    private static final double TINY = 1e-9;

    /** Creates the suite. */
    protected HashRouterContract() {}

    /** Law: the shares must sum to 1, and must be the probabilities of the owners of sampled keys. */
    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    public void shares_are_the_owners_frequencies(@ForAll("members") List<Member> members, @ForAll long seed) {
        HashRouter router = router(members);
        Map<String, Double> shares = shares(router);

        Frequencies owners = new Frequencies();
        SampleKeys keys = new SampleKeys(seed);
        for (int i = 0; i < KEYS; i++) {
            owners.count(RouterLookups.owner(router, keys.next()));
        }

        owners.assertFit(shares);
    }

    /**
     * Law: after members leave, join and change weights, the reported moves must be the probabilities of sampled moves.
     */
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
            String from = RouterLookups.owner(before, key);
            String to = RouterLookups.owner(after, key);
            moves.count(from.equals(to) ? "stays" : from + " to " + to);
        }

        moves.assertFit(expected);
    }

    /** Law: the share of a member must grow by the moves to it less the moves from it. */
    @Property(tries = 100)
    public void moves_balance_the_shares(
            @ForAll("members") List<Member> members, @ForAll("members") List<Member> others, @ForAll long seed) {
        HashRouter before = router(members);
        HashRouter after = router(changed(members, others, new Random(seed)));

        Map<String, Double> balance = shares(before);
        Set<String> pairs = new HashSet<>();
        for (Plan.Move move : before.movesTo(after)) {
            assertThat(move.from()).as("a move must have two different members").isNotEqualTo(move.to());
            assertThat(move.share()).as("share of a move").isGreaterThan(0);
            assertThat(pairs.add(move.from() + " to " + move.to()))
                    .as("moves between two members must be reported once")
                    .isTrue();
            balance.merge(move.from(), -move.share(), Double::sum);
            balance.merge(move.to(), move.share(), Double::sum);
        }

        shares(after).forEach((id, share) -> balance.merge(id, -share, Double::sum));
        assertThat(balance.values())
                .as("differences between growth of shares and moves")
                .allSatisfy(rest -> assertThat(rest).isBetween(-TINY, TINY));
    }

    /** Law: a router of the same members must report no moves. */
    @Property(tries = 50)
    public void the_same_members_move_no_key(@ForAll("members") List<Member> members) {
        assertThat(router(members).movesTo(router(members))).isEmpty();
    }

    /** Law: the first member must take every key, and the last member that leaves must give every key. */
    @Test
    public void every_key_moves_between_no_member_and_one_member() {
        HashRouter empty = router(List.of());
        HashRouter one = router(List.of(new Member("S1", 1)));

        assertThat(empty.movesTo(one)).containsExactly(new Plan.Move("", "S1", 1));
        assertThat(one.movesTo(empty)).containsExactly(new Plan.Move("S1", "", 1));
        assertThat(empty.movesTo(empty)).isEmpty();
    }

    /**
     * Law of {@link Guarantee#PROPORTIONAL}: over many sets of ids, the mean share must be proportional to the weight.
     */
    @Test
    public void shares_are_proportional_to_weights_in_expectation() {
        if (!guarantees(Guarantee.PROPORTIONAL, List.of(new Member("S1", 1)))) {
            return;
        }

        assertProportional(1, 1, 2, 5, 20, Math.min(300, maxWeight()));
    }

    /**
     * Law of {@link Guarantee#PROPORTIONAL}: light members beside a heavy one must get their small share. A table whose
     * members claim slots at multiples of a unit alone gives them too little.
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

    /**
     * Checks over 200 sets of ids that the mean share of each weight is within 7 standard deviations of the
     * expectation.
     */
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

        shares.forEach((weight, values) -> {
            double expected =
                    weight * IntStream.of(weights).filter(w -> w == weight).count() / total;
            double mean = DoubleStream.of(values).sum() / sets;
            double squares =
                    DoubleStream.of(values).map(s -> (s - mean) * (s - mean)).sum();
            double slack = 7 * Math.sqrt(squares / (sets - 1) / sets) + TINY;
            assertThat(mean)
                    .as("mean share of weight %s of %s", weight, total)
                    .isBetween(expected - slack, expected + slack);
        });
    }

    /** Returns members of which a third left, a third got other weights, and to which some of the others were added. */
    private List<Member> changed(List<Member> members, List<Member> others, Random random) {
        Map<String, Member> changed = new TreeMap<>();
        for (Member other : others) {
            if (random.nextInt(3) == 0 && changed.size() < maxMembers() / 2) {
                changed.put(other.id(), other);
            }
        }
        for (Member member : members) {
            int kind = random.nextInt(3);
            if (kind == 1 && changed.size() < maxMembers()) {
                int weight = others.get(random.nextInt(others.size())).weight();
                changed.put(member.id(), new Member(member.id(), weight, member.labels()));
            } else if (kind == 2 && changed.size() < maxMembers()) {
                changed.put(member.id(), member);
            }
        }
        return List.copyOf(changed.values());
    }

    /** Returns the shares by id; the empty id has the whole share if no member has a weight. */
    private static Map<String, Double> shares(HashRouter router) {
        Map<String, Double> shares = new TreeMap<>();
        for (int i = 0; i < router.members().size(); i++) {
            shares.put(router.members().get(i).id(), router.share(i));
        }
        shares.put("", router.owner(0) < 0 ? 1.0 : 0.0);
        return shares;
    }
}
