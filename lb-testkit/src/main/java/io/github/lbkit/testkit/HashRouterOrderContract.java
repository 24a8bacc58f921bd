package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.HashRouter.Guarantee;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Server;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * The laws of a {@link HashRouter} about owners and the order of candidates, without exception and without chance. What
 * it promises in {@link HashRouter#guarantees} is held against it. Extend {@link HashRouterContract}, which has all
 * laws.
 */
public abstract class HashRouterOrderContract {
    private static final int KEYS = 100;
    private static final int GOLDEN_LOOKUPS = 1_000_000;

    /** For the subclass. */
    protected HashRouterOrderContract() {}

    /** The router of these members, which come in any order. */
    protected abstract HashRouter router(List<Member> members);

    /**
     * The expected checksum of {@value #GOLDEN_LOOKUPS} look-ups. A router under test that gives another one would move
     * keys of everybody who updates; the failing test tells the checksum that it found.
     */
    protected abstract long goldenChecksum();

    /** The router of the checksum; another than {@link #router} where that is a small one, made for speed of tests. */
    protected HashRouter goldenRouter(List<Member> members) {
        return router(members);
    }

    /** The greatest weight that the router is tested with; less for one whose size grows with it. */
    protected int maxWeight() {
        return Server.MAX_WEIGHT;
    }

    /** How many members the router is tested with; fewer for one that is slow to build or has room for fewer. */
    protected int maxMembers() {
        return 24;
    }

    /**
     * The ids of the members; {@link Memberships#numberedIds} for a router that takes ids only if they end in a number. Tests
     * of fixed members have ids S1, S2 and so on.
     */
    protected Arbitrary<String> ids() {
        return Memberships.ids();
    }

    /** The members of the tests. */
    @Provide
    public Arbitrary<List<Member>> members() {
        return Memberships.lists(ids(), 1, maxMembers()).map(this::lightEnough);
    }

    /** The members of tests that begin with equal weights. */
    @Provide
    public Arbitrary<List<Member>> equalMembers() {
        return Memberships.equalWeights(ids(), 1, maxMembers()).map(this::lightEnough);
    }

    private List<Member> lightEnough(List<Member> members) {
        return members.stream()
                .map(m -> new Member(m.id(), Math.min(m.weight(), maxWeight()), m.labels()))
                .toList();
    }

    /** Law. */
    @Property(tries = 100)
    public void candidates_are_distinct_and_complete_and_begin_with_the_owner(
            @ForAll("members") List<Member> members, @ForAll long seed) {
        HashRouter router = router(members);

        for (long key : SampleKeys.withEdges(seed, KEYS)) {
            List<String> candidates = Routes.candidates(router, key);
            assertThat(candidates)
                    .containsExactlyInAnyOrderElementsOf(
                            members.stream().map(Member::id).toList());
            if (router.owner(key) >= 0) {
                assertThat(candidates.get(0)).isEqualTo(Routes.owner(router, key));
            }
        }
    }

    /** Law. */
    @Property(tries = 100)
    public void a_member_of_weight_0_owns_nothing_and_comes_last_in_order_of_ids(
            @ForAll("members") List<Member> members, @ForAll long seed) {
        List<String> idle = members.stream()
                .filter(m -> m.weight() == 0)
                .map(Member::id)
                .sorted()
                .toList();
        HashRouter router = router(members);

        for (long key : SampleKeys.withEdges(seed, KEYS)) {
            List<String> candidates = Routes.candidates(router, key);
            assertThat(candidates.subList(members.size() - idle.size(), members.size()))
                    .isEqualTo(idle);
            assertThat(router.owner(key) < 0).isEqualTo(idle.size() == members.size());
        }
        for (int i = 0; i < members.size(); i++) {
            if (router.members().get(i).weight() == 0) {
                assertThat(router.share(i)).isZero();
            }
        }
    }

    /** Law of {@link Guarantee#CANDIDATES_FILTER}. */
    @Property(tries = 100)
    public void candidates_without_some_are_the_candidates_with_those_filtered_out(
            @ForAll("members") List<Member> members, @ForAll long seed) {
        if (!guarantees(Guarantee.CANDIDATES_FILTER, members)) {
            return;
        }
        Random random = new Random(seed);
        List<Member> left = members.stream().filter(m -> random.nextInt(3) > 0).toList();
        Set<String> kept = new HashSet<>(left.stream().map(Member::id).toList());
        HashRouter router = router(members);
        HashRouter without = router(left);

        for (long key : SampleKeys.withEdges(seed, KEYS)) {
            assertThat(Routes.candidates(without, key))
                    .isEqualTo(Routes.candidates(router, key).stream()
                            .filter(kept::contains)
                            .toList());
        }
    }

    /** Law of {@link Guarantee#MINIMAL_DISRUPTION}. */
    @Property(tries = 100)
    public void another_weight_moves_keys_only_to_who_grew_or_from_who_shrank(
            @ForAll("members") List<Member> members,
            @ForAll @IntRange(max = Server.MAX_WEIGHT) int anyWeight,
            @ForAll long seed) {
        if (!guarantees(Guarantee.MINIMAL_DISRUPTION, members)) {
            return;
        }
        int weight = anyWeight % (maxWeight() + 1);
        Member old = members.get(new Random(seed).nextInt(members.size()));
        HashRouter before = router(members);

        HashRouter after = before.with(new Member(old.id(), weight, old.labels()));

        assertMovesOnlyAt(old.id(), before, after, weight >= old.weight(), weight <= old.weight(), seed);
    }

    /** Law of {@link Guarantee#MINIMAL_DISRUPTION}: the path for equal weights and that for others agree. */
    @Property(tries = 100)
    public void leaving_equal_weights_moves_keys_only_to_or_from_the_one_that_changed(
            @ForAll("equalMembers") List<Member> members, @ForAll long seed) {
        if (!guarantees(Guarantee.MINIMAL_DISRUPTION, members)) {
            return;
        }
        Member old = members.get(new Random(seed).nextInt(members.size()));
        HashRouter before = router(members);

        HashRouter more = before.with(new Member(old.id(), Math.min(old.weight() + 1, maxWeight()), old.labels()));
        HashRouter less = before.with(new Member(old.id(), old.weight() / 2, old.labels()));

        assertMovesOnlyAt(old.id(), before, more, true, false, seed);
        assertMovesOnlyAt(old.id(), before, less, false, true, seed);
    }

    /** Law of {@link Guarantee#MINIMAL_DISRUPTION}. */
    @Property(tries = 100)
    public void joining_takes_keys_and_leaving_gives_them_and_no_other_moves(
            @ForAll("members") List<Member> members, @ForAll long seed) {
        if (!guarantees(Guarantee.MINIMAL_DISRUPTION, members)) {
            return;
        }
        Member one = members.get(new Random(seed).nextInt(members.size()));
        HashRouter with = router(members);
        HashRouter without = with.without(one.id());

        assertMovesOnlyAt(one.id(), with, without, false, true, seed);
        assertMovesOnlyAt(one.id(), without, without.with(one), true, false, seed);
    }

    /** Law. */
    @Property(tries = 50)
    public void order_of_insertion_makes_no_difference(@ForAll("members") List<Member> members, @ForAll long seed) {
        List<Member> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, new Random(seed));

        Routes.assertSame(router(shuffled), router(members), SampleKeys.withEdges(seed, KEYS));
    }

    /** Law: any way of changes to a set of members ends at the router that is built of them. */
    @Property(tries = 50)
    public void history_makes_no_difference(
            @ForAll("members") List<Member> members, @ForAll("members") List<Member> others, @ForAll long seed) {
        List<Member> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, new Random(seed));
        HashRouter changed = router(others);
        for (Member other : others) {
            changed = changed.without(other.id());
        }
        for (Member member : shuffled) {
            changed = changed.with(new Member(member.id(), 1)).with(member);
        }
        HashRouter rebuilt = router(members);

        Routes.assertSame(changed, rebuilt, SampleKeys.withEdges(seed, KEYS));
        Routes.assertSame(router(others).withMembers(members), rebuilt, SampleKeys.withEdges(seed, KEYS));
        Routes.assertSame(rebuilt.without("no member has this id"), rebuilt, SampleKeys.withEdges(seed, KEYS));
    }

    /** Law: a label that the router does not name in {@link HashRouter#labels} makes no difference. */
    @Property(tries = 50)
    public void other_labels_make_no_difference(@ForAll("members") List<Member> members, @ForAll long seed) {
        Random random = new Random(seed);
        HashRouter router = router(members);
        Set<String> named = router.labels();
        List<Member> labelled = members.stream()
                .map(m -> Memberships.withLabels(m, named, random))
                .toList();

        HashRouter same = router(labelled);

        assertThat(same.name()).isEqualTo(router.name());
        assertThat(same.labels()).isEqualTo(named).isEqualTo(router(List.of()).labels());
        for (long key : SampleKeys.withEdges(seed, KEYS)) {
            assertThat(Routes.candidates(same, key)).isEqualTo(Routes.candidates(router, key));
        }
        assertThat(router.movesTo(same)).isEmpty();
    }

    /** Law of {@link Guarantee#WEIGHT_RATIOS}: powers of two show it, since they round nothing. */
    @Property(tries = 50)
    public void all_weights_times_a_power_of_two_change_nothing(
            @ForAll("members") List<Member> members,
            @ForAll @IntRange(min = 1, max = 10) int power,
            @ForAll long seed) {
        if (!guarantees(Guarantee.WEIGHT_RATIOS, members)) {
            return;
        }
        List<Member> small = members.stream()
                .map(m -> new Member(m.id(), Math.min(m.weight(), Server.MAX_WEIGHT >> power), m.labels()))
                .toList();
        List<Member> scaled = small.stream()
                .map(m -> new Member(m.id(), m.weight() << power, m.labels()))
                .toList();
        HashRouter router = router(small);
        HashRouter same = router(scaled);

        for (long key : SampleKeys.withEdges(seed, KEYS)) {
            assertThat(Routes.candidates(same, key)).isEqualTo(Routes.candidates(router, key));
        }
        assertThat(router.movesTo(same)).isEmpty();
    }

    /** Law. */
    @Property(tries = 50)
    public void members_are_listed_by_id(@ForAll("members") List<Member> members) {
        assertThat(router(members).members())
                .isEqualTo(members.stream().sorted(Member.BY_ID).toList());
    }

    /** Law. */
    @Test
    public void without_members_nobody_owns_a_key() {
        HashRouter empty = router(List.of());

        for (long key : SampleKeys.withEdges(0, KEYS)) {
            assertThat(empty.owner(key)).isEqualTo(-1);
            assertThat(Routes.candidates(empty, key)).isEmpty();
        }
        Routes.assertSame(router(List.of(new Member("S1", 1))).without("S1"), empty, SampleKeys.withEdges(0, KEYS));
    }

    /** Law. */
    @Test
    public void one_member_owns_every_key() {
        HashRouter one = router(List.of(new Member("S1", 3)));

        for (long key : SampleKeys.withEdges(0, KEYS)) {
            assertThat(one.owner(key)).isZero();
        }
        assertThat(one.share(0)).isEqualTo(1);
    }

    /** Law. */
    @Test
    public void two_members_of_one_id_are_refused_by_name() {
        assertThatThrownBy(() -> router(List.of(new Member("S7", 1), new Member("S2", 1), new Member("S7", 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("S7");
    }

    /** Law: no answer ever changes. Owners and second candidates of seven members, weights 1 to 5 and two of 0. */
    @Test
    public void look_ups_have_the_checksum_they_always_had() {
        HashRouter router = goldenRouter(IntStream.rangeClosed(1, 7)
                .mapToObj(i -> new Member("S" + i, (i * 5) % 7 % 6))
                .toList());

        assertThat(Routes.checksum(router, new SampleKeys(42), GOLDEN_LOOKUPS))
                .as("checksum of %s look-ups of %s", GOLDEN_LOOKUPS, router.name())
                .isEqualTo(goldenChecksum());
    }

    private void assertMovesOnlyAt(
            String id, HashRouter before, HashRouter after, boolean mayTake, boolean mayGive, long seed) {
        for (long key : SampleKeys.withEdges(seed, KEYS)) {
            String from = Routes.owner(before, key);
            String to = Routes.owner(after, key);
            boolean allowed = from.equals(to) || (mayTake && to.equals(id)) || (mayGive && from.equals(id));
            assertThat(allowed)
                    .as("key %s may not go from %s to %s when %s changes", key, from, to, id)
                    .isTrue();
        }
    }

    /** Whether the router of these members promises it; a law that it does not promise is not held against it. */
    final boolean guarantees(Guarantee guarantee, List<Member> members) {
        Set<Guarantee> guarantees = router(members).guarantees();
        return guarantees.contains(guarantee)
                || (guarantee == Guarantee.MINIMAL_DISRUPTION && guarantees.contains(Guarantee.CANDIDATES_FILTER));
    }
}
