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
 * The laws of a {@link HashRouter} about owners and the order of candidates, which hold for every key. Some are
 * required only of routers that promise them in {@link HashRouter#guarantees}. Tests extend {@link HashRouterContract},
 * which has all laws.
 */
public abstract class HashRouterOrderContract {
    private static final int KEYS = 100;
    private static final int GOLDEN_LOOKUPS = 1_000_000;

    /** Creates the suite. */
    protected HashRouterOrderContract() {}

    /** Returns the router under test for these members, which are in any order. */
    protected abstract HashRouter router(List<Member> members);

    /**
     * Returns the expected checksum of {@value #GOLDEN_LOOKUPS} look-ups. A router with another checksum would move
     * keys of every user who updates. The failing test reports the checksum that it found.
     */
    protected abstract long goldenChecksum();

    /**
     * Returns the router of the checksum; overridden where {@link #router} returns a smaller one to make tests fast.
     */
    protected HashRouter goldenRouter(List<Member> members) {
        return router(members);
    }

    /** Returns the greatest weight to test with; overridden for a router whose size grows with the weight. */
    protected int maxWeight() {
        return Server.MAX_WEIGHT;
    }

    /**
     * Returns the greatest number of members to test with; overridden for a router that is slow to build or limited.
     */
    protected int maxMembers() {
        return 24;
    }

    /**
     * Returns the ids of the members; {@link MemberLists#numberedIds} for a router whose ids must end in a number.
     * Tests with fixed members use the ids S1, S2 and so on.
     */
    protected Arbitrary<String> ids() {
        return MemberLists.ids();
    }

    /** Returns the generator of members. */
    @Provide
    public Arbitrary<List<Member>> members() {
        return MemberLists.lists(ids(), 1, maxMembers()).map(this::withinMaxWeight);
    }

    /** Returns the generator of members of equal weight. */
    @Provide
    public Arbitrary<List<Member>> equalMembers() {
        return MemberLists.equalWeights(ids(), 1, maxMembers()).map(this::withinMaxWeight);
    }

    private List<Member> withinMaxWeight(List<Member> members) {
        return members.stream()
                .map(m -> new Member(m.id(), Math.min(m.weight(), maxWeight()), m.labels()))
                .toList();
    }

    /** Law: the candidates of a key must be all members, each once, and the owner must be the first. */
    @Property(tries = 100)
    public void candidates_are_distinct_and_complete_and_begin_with_the_owner(
            @ForAll("members") List<Member> members, @ForAll long seed) {
        HashRouter router = router(members);

        for (long key : SampleKeys.withEdges(seed, KEYS)) {
            List<String> candidates = RouterLookups.candidates(router, key);
            assertThat(candidates)
                    .as("candidates of key %s must be all members", key)
                    .containsExactlyInAnyOrderElementsOf(
                            members.stream().map(Member::id).toList());
            if (router.owner(key) >= 0) {
                assertThat(candidates.get(0))
                        .as("first candidate of key %s, its owner", key)
                        .isEqualTo(RouterLookups.owner(router, key));
            }
        }
    }

    /** Law: members of weight 0 must own no key, have no share, and be the last candidates, sorted by id. */
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
            List<String> candidates = RouterLookups.candidates(router, key);
            assertThat(candidates.subList(members.size() - idle.size(), members.size()))
                    .as("last candidates of key %s, the members of weight 0", key)
                    .isEqualTo(idle);
            assertThat(router.owner(key) < 0).as("key %s has no owner", key).isEqualTo(idle.size() == members.size());
        }
        for (int i = 0; i < members.size(); i++) {
            if (router.members().get(i).weight() == 0) {
                assertThat(router.share(i)).as("share of a member of weight 0").isZero();
            }
        }
    }

    /** Law of {@link Guarantee#CANDIDATES_FILTER}: without some members, the order of the others must stay the same. */
    @Property(tries = 100)
    public void candidates_without_some_are_the_candidates_with_those_filtered_out(
            @ForAll("members") List<Member> members, @ForAll long seed) {
        if (!guarantees(Guarantee.CANDIDATES_FILTER, members)) {
            return;
        }
        Random random = new Random(seed);
        List<Member> remaining =
                members.stream().filter(m -> random.nextInt(3) > 0).toList();
        Set<String> kept = new HashSet<>(remaining.stream().map(Member::id).toList());
        HashRouter router = router(members);
        HashRouter without = router(remaining);

        for (long key : SampleKeys.withEdges(seed, KEYS)) {
            assertThat(RouterLookups.candidates(without, key))
                    .as("candidates of key %s without some members", key)
                    .isEqualTo(RouterLookups.candidates(router, key).stream()
                            .filter(kept::contains)
                            .toList());
        }
    }

    /**
     * Law of {@link Guarantee#MINIMAL_DISRUPTION}: a member whose weight grows must only take keys, one that shrinks
     * only give.
     */
    @Property(tries = 100)
    public void a_changed_weight_moves_keys_only_to_or_from_that_member(
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

    /** Law of {@link Guarantee#MINIMAL_DISRUPTION}: implementations for equal and for other weights must agree. */
    @Property(tries = 100)
    public void leaving_equal_weights_moves_keys_only_to_or_from_the_changed_member(
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

    /**
     * Law of {@link Guarantee#MINIMAL_DISRUPTION}: a member that joins must only take keys, one that leaves only give.
     */
    @Property(tries = 100)
    public void joining_only_takes_keys_and_leaving_only_gives_them(
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

    /** Law: the order of the members in the list must not matter. */
    @Property(tries = 50)
    public void order_of_insertion_makes_no_difference(@ForAll("members") List<Member> members, @ForAll long seed) {
        List<Member> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, new Random(seed));

        RouterLookups.assertSame(router(shuffled), router(members), SampleKeys.withEdges(seed, KEYS));
    }

    /** Law: any sequence of changes must end with the router that is built from the final members. */
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

        RouterLookups.assertSame(changed, rebuilt, SampleKeys.withEdges(seed, KEYS));
        RouterLookups.assertSame(router(others).withMembers(members), rebuilt, SampleKeys.withEdges(seed, KEYS));
        RouterLookups.assertSame(rebuilt.without("no member has this id"), rebuilt, SampleKeys.withEdges(seed, KEYS));
    }

    /** Law: a label that {@link HashRouter#labels} does not name must not matter. */
    @Property(tries = 50)
    public void other_labels_make_no_difference(@ForAll("members") List<Member> members, @ForAll long seed) {
        Random random = new Random(seed);
        HashRouter router = router(members);
        Set<String> named = router.labels();
        List<Member> labelled = members.stream()
                .map(m -> MemberLists.withLabels(m, named, random))
                .toList();

        HashRouter same = router(labelled);

        assertThat(same.name()).isEqualTo(router.name());
        assertThat(same.labels()).isEqualTo(named).isEqualTo(router(List.of()).labels());
        for (long key : SampleKeys.withEdges(seed, KEYS)) {
            assertThat(RouterLookups.candidates(same, key))
                    .as("candidates of key %s", key)
                    .isEqualTo(RouterLookups.candidates(router, key));
        }
        assertThat(router.movesTo(same)).as("moves").isEmpty();
    }

    /** Law of {@link Guarantee#WEIGHT_RATIOS}: only ratios of weights must matter; powers of 2 avoid rounding. */
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
            assertThat(RouterLookups.candidates(same, key))
                    .as("candidates of key %s", key)
                    .isEqualTo(RouterLookups.candidates(router, key));
        }
        assertThat(router.movesTo(same)).as("moves").isEmpty();
    }

    /** Law: {@link HashRouter#members} must be sorted by id. */
    @Property(tries = 50)
    public void members_are_listed_by_id(@ForAll("members") List<Member> members) {
        assertThat(router(members).members())
                .isEqualTo(members.stream().sorted(Member.BY_ID).toList());
    }

    /** Law: a router without members must have no owner and no candidate for any key. */
    @Test
    public void without_members_no_key_has_an_owner() {
        HashRouter empty = router(List.of());

        for (long key : SampleKeys.withEdges(0, KEYS)) {
            assertThat(empty.owner(key)).isEqualTo(-1);
            assertThat(RouterLookups.candidates(empty, key)).isEmpty();
        }
        RouterLookups.assertSame(
                router(List.of(new Member("S1", 1))).without("S1"), empty, SampleKeys.withEdges(0, KEYS));
    }

    /** Law: a single member must own every key and have the whole share. */
    @Test
    public void one_member_owns_every_key() {
        HashRouter one = router(List.of(new Member("S1", 3)));

        for (long key : SampleKeys.withEdges(0, KEYS)) {
            assertThat(one.owner(key)).isZero();
        }
        assertThat(one.share(0)).isEqualTo(1);
    }

    /** Law: two members of one id must be refused with an exception that names the id. */
    @Test
    public void two_members_of_one_id_are_refused_by_name() {
        assertThatThrownBy(() -> router(List.of(new Member("S7", 1), new Member("S2", 1), new Member("S7", 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("S7");
    }

    /** Law: owners and second candidates must not change between releases; seven members with weights 0 to 5. */
    @Test
    public void lookups_keep_their_checksum() {
        HashRouter router = goldenRouter(IntStream.rangeClosed(1, 7)
                .mapToObj(i -> new Member("S" + i, (i * 5) % 7 % 6))
                .toList());

        assertThat(RouterLookups.checksum(router, new SampleKeys(42), GOLDEN_LOOKUPS))
                .as(
                        "checksum of %s look-ups in %s; another value means that keys move for users who update",
                        GOLDEN_LOOKUPS, router.name())
                .isEqualTo(goldenChecksum());
    }

    private void assertMovesOnlyAt(
            String id, HashRouter before, HashRouter after, boolean mayTake, boolean mayGive, long seed) {
        for (long key : SampleKeys.withEdges(seed, KEYS)) {
            String from = RouterLookups.owner(before, key);
            String to = RouterLookups.owner(after, key);
            boolean allowed = from.equals(to) || (mayTake && to.equals(id)) || (mayGive && from.equals(id));
            assertThat(allowed)
                    .as("key %s must not move from %s to %s when only %s changes", key, from, to, id)
                    .isTrue();
        }
    }

    /** Returns whether the router of these members promises a guarantee. */
    final boolean guarantees(Guarantee guarantee, List<Member> members) {
        Set<Guarantee> guarantees = router(members).guarantees();
        return guarantees.contains(guarantee)
                || (guarantee == Guarantee.MINIMAL_DISRUPTION && guarantees.contains(Guarantee.CANDIDATES_FILTER));
    }
}
