package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.policy.RoutingFingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/**
 * The laws of a {@link Policy} and its pickers. A test of a policy extends this suite:
 *
 * <pre>{@code
 * class MyPolicyTest extends PolicyContract {
 *     @Override
 *     protected Policy policy() {
 *         return new MyPolicy();
 *     }
 * }
 * }</pre>
 */
public abstract class PolicyContract {
    private static final int CALLS = 20;
    private static final int THREADS = 4;
    private static final int CALLS_PER_THREAD = 5_000;

    private static final LoadView UNREADABLE = new LoadView() {
        @Override
        public int inFlight(int index) {
            throw new AssertionError("readsLoad() is false, so the policy must not read in-flight counts");
        }

        @Override
        public long latencyNanos(int index) {
            throw new AssertionError("readsLoad() is false, so the policy must not read latencies");
        }
    };

    /** Creates the suite. */
    protected PolicyContract() {}

    /** Returns the policy under test. */
    protected abstract Policy policy();

    /** Returns the greatest number of members to test with; a cursor grows at 65. */
    protected int maxMembers() {
        return 80;
    }

    /**
     * Returns the ids of the members; {@link MemberLists#numberedIds} for a policy whose ids must end in a number.
     * Tests with fixed members use the ids S10, S11 and so on.
     */
    protected Arbitrary<String> ids() {
        return MemberLists.ids();
    }

    /** Returns the generator of members. */
    @Provide
    public Arbitrary<List<Member>> members() {
        return MemberLists.lists(ids(), 0, maxMembers())
                .map(members -> members.stream().sorted(Member.BY_ID).toList());
    }

    /** Law: for each call, a picker must return every candidate once and then −1. */
    @Property(tries = 200)
    public void a_picker_returns_each_candidate_once_and_then_none(
            @ForAll("members") List<Member> members, @ForAll long seed) {
        Random random = new Random(seed);
        Picker picker = policy().picker(members);
        LoadView load = randomLoad(members.size(), random);

        for (int call = 0; call < CALLS; call++) {
            Cursor cursor = new Cursor(random::nextLong);
            assertCandidates(picker, members, key(call, random), cursor, load);
            cursor.restart();
            assertCandidates(picker, members, key(call, random), cursor, load);
        }
    }

    /** Law: a preview must return the next candidates of the picker, every time, and must not change the picker. */
    @Property(tries = 100)
    public void a_preview_returns_the_next_candidates_and_does_not_change_the_picker(
            @ForAll("members") List<Member> members, @ForAll long seed) {
        Picker picker = policy().picker(members);
        LoadView load = randomLoad(members.size(), new Random(seed));
        for (int call = 0; call < CALLS; call++) {
            Key key = key(call, new Random(seed + call));
            List<Integer> first = candidates(picker.preview(), key, load, seed + call);
            List<Integer> again = candidates(picker.preview(), key, load, seed + call);

            assertThat(again).as("candidates of call %s, previewed twice", call).isEqualTo(first);
            assertThat(candidates(picker, key, load, seed + call))
                    .as("candidates of call %s after its preview", call)
                    .isEqualTo(first);
        }
    }

    private static List<Integer> candidates(Picker picker, Key key, LoadView load, long seed) {
        Cursor cursor = new Cursor(new Random(seed)::nextLong);
        List<Integer> all = new ArrayList<>();
        for (int index; (index = picker.next(key, cursor, load)) >= 0; ) {
            all.add(index);
        }
        return all;
    }

    /** Law: a policy whose {@link Policy#readsLoad} is false must not read in-flight counts or latencies. */
    @Property(tries = 50)
    public void a_policy_that_does_not_read_loads_never_asks_for_one(
            @ForAll("members") List<Member> members, @ForAll long seed) {
        Random random = new Random(seed);
        Policy policy = policy();
        LoadView load = policy.readsLoad() ? randomLoad(members.size(), random) : UNREADABLE;
        Picker picker = policy.picker(members);

        for (int call = 0; call < CALLS; call++) {
            assertCandidates(picker, members, key(call, random), new Cursor(random::nextLong), load);
        }
    }

    /** Law: a picker that is made from the previous one must serve the new members as a new picker does. */
    @Property(tries = 50)
    public void a_picker_made_from_the_previous_one_equals_a_new_one(
            @ForAll("members") List<Member> members, @ForAll("members") List<Member> next, @ForAll long seed) {
        Random random = new Random(seed);
        Policy policy = policy();
        Picker derived = policy.picker(next, policy.picker(members));
        Picker fresh = policy.picker(next);

        assertThat(derived.settings()).isEqualTo(fresh.settings());
        for (int call = 0; call < CALLS; call++) {
            Key key = Key.of(random.nextLong());
            List<Integer> candidates =
                    assertCandidates(derived, next, key, new Cursor(random::nextLong), LoadView.IDLE);
            if (fresh.router().isPresent()) {
                assertThat(candidates)
                        .isEqualTo(assertCandidates(fresh, next, key, new Cursor(random::nextLong), LoadView.IDLE));
            }
        }
    }

    /**
     * Law: a change of members that moves a key must change the {@link RoutingFingerprint}. Labels that
     * {@link Policy#labels} does not name, and the history of the members, must not change it.
     */
    @Property(tries = 50)
    public void the_fingerprint_changes_exactly_when_keys_may_move(
            @ForAll("members") List<Member> members, @ForAll("members") List<Member> others, @ForAll long seed) {
        Random random = new Random(seed);
        Policy policy = policy();
        Set<String> named = policy.labels();
        Picker picker = policy.picker(members);
        List<Member> labelled = members.stream()
                .map(m -> MemberLists.withLabels(m, named, random).keepingLabels(named))
                .toList();
        List<Member> changed = members.stream()
                .map(m -> random.nextInt(3) > 0 ? m : new Member(m.id(), m.weight() % 3 + 1, m.labels()))
                .filter(m -> random.nextInt(5) > 0)
                .toList();
        long fingerprint = RoutingFingerprint.of(policy, members, picker);

        assertThat(labelled).isEqualTo(members);
        assertThat(RoutingFingerprint.of(policy, members, policy.picker(members, policy.picker(others))))
                .as("fingerprint of the same members with another history")
                .isEqualTo(fingerprint);
        for (List<Member> next : List.of(changed, others)) {
            Picker made = policy.picker(next);
            if (!owners(made, next, seed).equals(owners(picker, members, seed))) {
                assertThat(RoutingFingerprint.of(policy, next, made))
                        .as("fingerprint of members %s, which move keys", next)
                        .isNotEqualTo(fingerprint);
            }
        }
    }

    /** Returns the ids of the first candidates of some keys; empty for a policy that does not route by key. */
    private static List<String> owners(Picker picker, List<Member> members, long seed) {
        Random random = new Random(seed);
        List<String> owners = new ArrayList<>();
        for (int i = 0; i < CALLS && picker.router().isPresent(); i++) {
            int index = picker.next(Key.of("key " + random.nextInt()), new Cursor(random::nextLong), LoadView.IDLE);
            owners.add(index < 0 ? "" : members.get(index).id());
        }
        return owners;
    }

    /** Law: several threads, each with its own cursor, must be able to use one picker. */
    @Test
    public void four_threads_use_one_picker() throws Exception {
        List<Member> members = IntStream.range(10, 30)
                .mapToObj(i -> new Member("S" + i, i % 4))
                .toList();
        Picker picker = policy().picker(members);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);

        List<Future<?>> results = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(thread);
            results.add(threads.submit(() -> {
                Cursor cursor = new Cursor(random::nextLong);
                for (int call = 0; call < CALLS_PER_THREAD; call++) {
                    cursor.restartForNewKey();
                    assertCandidates(picker, members, Key.of(random.nextLong()), cursor, LoadView.IDLE);
                }
            }));
        }
        threads.shutdown();

        for (Future<?> result : results) {
            result.get(60, TimeUnit.SECONDS);
        }
    }

    /** Law: a picker without members must return −1. */
    @Test
    public void without_members_there_is_no_candidate() {
        Cursor cursor = new Cursor(new Random(1)::nextLong);

        assertThat(policy().picker(List.of()).next(Key.none(), cursor, LoadView.IDLE))
                .isEqualTo(-1);
    }

    /** Law: the name must be lower case with hyphens, as in {@code round-robin}. */
    @Test
    public void the_name_is_lower_case_with_hyphens() {
        assertThat(policy().name()).matches("[a-z0-9]+(-[a-z0-9]+)*");
    }

    /** Takes candidates until the picker returns −1, checks them and returns their indexes. */
    private static List<Integer> assertCandidates(
            Picker picker, List<Member> members, Key key, Cursor cursor, LoadView load) {
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).weight() > 0 || picker.router().isPresent()) {
                expected.add(i);
            }
        }
        List<Integer> returned = new ArrayList<>();
        for (int index; (index = picker.next(key, cursor, load)) >= 0; ) {
            returned.add(index);
            if (returned.size() > expected.size()) {
                throw new AssertionError("a picker must return each candidate once; it returned " + returned);
            }
        }
        assertThat(returned)
                .as("candidates: all members of a policy that routes by key, else those with a weight")
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(returned.stream().map(i -> members.get(i).weight() == 0))
                .as("members of weight 0 must come last")
                .isSorted();
        assertThat(cursor.taken()).as("candidates that the picker visited").isEqualTo(returned.size());
        assertThat(picker.next(key, cursor, load))
                .as("next candidate after the last")
                .isEqualTo(-1);
        return returned;
    }

    private static Key key(int call, Random random) {
        return switch (call % 3) {
            case 0 -> Key.none();
            case 1 -> Key.of(random.nextLong());
            default -> Key.of("user:" + random.nextInt());
        };
    }

    private static LoadView randomLoad(int size, Random random) {
        int[] inFlight = random.ints(size, 0, 5).toArray();
        long[] latencies = random.longs(size, 0, 3).toArray();
        return new LoadView() {
            @Override
            public int inFlight(int index) {
                return inFlight[index];
            }

            @Override
            public long latencyNanos(int index) {
                return latencies[index];
            }
        };
    }
}
