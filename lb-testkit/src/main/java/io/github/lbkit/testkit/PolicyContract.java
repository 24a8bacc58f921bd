package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadView;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Policy;
import io.github.lbkit.api.RoutingFingerprint;
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

/** The laws of a {@link Policy} and its pickers. Extend it and say how the policy is made. */
public abstract class PolicyContract {
    private static final int WALKS = 20;
    private static final int THREADS = 4;
    private static final int WALKS_OF_A_THREAD = 5_000;

    private static final LoadView REFUSED = new LoadView() {
        @Override
        public int inFlight(int index) {
            throw new AssertionError("the policy says that it reads no loads, and asks what is in flight");
        }

        @Override
        public long latencyNanos(int index) {
            throw new AssertionError("the policy says that it reads no loads, and asks for a latency");
        }
    };

    /** For the subclass. */
    protected PolicyContract() {}

    /** The policy. */
    protected abstract Policy policy();

    /** How many members the policy is tested with; more than 64 make a cursor grow. */
    protected int maxMembers() {
        return 80;
    }

    /**
     * The ids of the members; {@link Memberships#numberedIds} for a policy that takes ids only if they end in a number. Tests
     * of fixed members have ids S10, S11 and so on.
     */
    protected Arbitrary<String> ids() {
        return Memberships.ids();
    }

    /** The members of the tests. */
    @Provide
    public Arbitrary<List<Member>> members() {
        return Memberships.lists(ids(), 0, maxMembers())
                .map(members -> members.stream().sorted(Member.BY_ID).toList());
    }

    /** Law: each walk is given every member of a weight once, then nobody. */
    @Property(tries = 200)
    public void a_walk_is_given_each_candidate_once_and_then_nobody(
            @ForAll("members") List<Member> members, @ForAll long seed) {
        Random random = new Random(seed);
        Picker picker = policy().picker(members);
        LoadView load = randomLoad(members.size(), random);

        for (int walk = 0; walk < WALKS; walk++) {
            Cursor cursor = new Cursor(random::nextLong);
            assertWalk(picker, members, key(walk, random), cursor, load);
            cursor.restart();
            assertWalk(picker, members, key(walk, random), cursor, load);
        }
    }

    /** Law: a preview gives what the picker gives next, as often as it is asked for, and changes nothing of the picker. */
    @Property(tries = 100)
    public void a_preview_gives_what_the_picker_gives_next_and_changes_nothing(
            @ForAll("members") List<Member> members, @ForAll long seed) {
        Picker picker = policy().picker(members);
        LoadView load = randomLoad(members.size(), new Random(seed));
        for (int walk = 0; walk < WALKS; walk++) {
            Key key = key(walk, new Random(seed + walk));
            List<Integer> first = given(picker.preview(), key, load, seed + walk);
            List<Integer> again = given(picker.preview(), key, load, seed + walk);

            assertThat(again).as("walk %s, previewed twice", walk).isEqualTo(first);
            assertThat(given(picker, key, load, seed + walk))
                    .as("walk %s", walk)
                    .isEqualTo(first);
        }
    }

    private static List<Integer> given(Picker picker, Key key, LoadView load, long seed) {
        Cursor cursor = new Cursor(new Random(seed)::nextLong);
        List<Integer> all = new ArrayList<>();
        for (int index; (index = picker.next(key, cursor, load)) >= 0; ) {
            all.add(index);
        }
        return all;
    }

    /** Law: a policy that says so looks at no loads. */
    @Property(tries = 50)
    public void who_says_that_it_reads_no_loads_asks_for_none(
            @ForAll("members") List<Member> members, @ForAll long seed) {
        Random random = new Random(seed);
        Policy policy = policy();
        LoadView load = policy.readsLoad() ? randomLoad(members.size(), random) : REFUSED;
        Picker picker = policy.picker(members);

        for (int walk = 0; walk < WALKS; walk++) {
            assertWalk(picker, members, key(walk, random), new Cursor(random::nextLong), load);
        }
    }

    /** Law: what is made from the picker before is as good as new. */
    @Property(tries = 50)
    public void a_picker_made_from_the_one_before_serves_the_new_members(
            @ForAll("members") List<Member> members, @ForAll("members") List<Member> next, @ForAll long seed) {
        Random random = new Random(seed);
        Policy policy = policy();
        Picker made = policy.picker(next, policy.picker(members));
        Picker fresh = policy.picker(next);

        assertThat(made.settings()).isEqualTo(fresh.settings());
        for (int walk = 0; walk < WALKS; walk++) {
            Key key = Key.of(random.nextLong());
            List<Integer> walked = assertWalk(made, next, key, new Cursor(random::nextLong), LoadView.IDLE);
            if (fresh.router().isPresent()) {
                assertThat(walked).isEqualTo(assertWalk(fresh, next, key, new Cursor(random::nextLong), LoadView.IDLE));
            }
        }
    }

    /**
     * Law: a change of members that moves a key changes the {@link RoutingFingerprint}; labels that the policy does not
     * name in {@link Policy#labels} and the way to the members change nothing.
     */
    @Property(tries = 50)
    public void the_fingerprint_changes_with_what_moves_keys_and_with_nothing_else(
            @ForAll("members") List<Member> members, @ForAll("members") List<Member> others, @ForAll long seed) {
        Random random = new Random(seed);
        Policy policy = policy();
        Set<String> named = policy.labels();
        Picker picker = policy.picker(members);
        List<Member> labelled = members.stream()
                .map(m -> Memberships.withLabels(m, named, random).keepingLabels(named))
                .toList();
        List<Member> changed = members.stream()
                .map(m -> random.nextInt(3) > 0 ? m : new Member(m.id(), m.weight() % 3 + 1, m.labels()))
                .filter(m -> random.nextInt(5) > 0)
                .toList();
        long fingerprint = RoutingFingerprint.of(policy, members, picker);

        assertThat(labelled).isEqualTo(members);
        assertThat(RoutingFingerprint.of(policy, members, policy.picker(members, policy.picker(others))))
                .isEqualTo(fingerprint);
        for (List<Member> next : List.of(changed, others)) {
            Picker made = policy.picker(next);
            if (!owners(made, next, seed).equals(owners(picker, members, seed))) {
                assertThat(RoutingFingerprint.of(policy, next, made)).isNotEqualTo(fingerprint);
            }
        }
    }

    /** The first candidates of some keys, by id; none of a policy that does not route by key. */
    private static List<String> owners(Picker picker, List<Member> members, long seed) {
        Random random = new Random(seed);
        List<String> owners = new ArrayList<>();
        for (int i = 0; i < WALKS && picker.router().isPresent(); i++) {
            int index = picker.next(Key.of("key " + random.nextInt()), new Cursor(random::nextLong), LoadView.IDLE);
            owners.add(index < 0 ? "" : members.get(index).id());
        }
        return owners;
    }

    /** Law: a picker may be used by many threads, each with a cursor of its own. */
    @Test
    public void four_threads_walk_one_picker() throws Exception {
        List<Member> members = IntStream.range(10, 30)
                .mapToObj(i -> new Member("S" + i, i % 4))
                .toList();
        Picker picker = policy().picker(members);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);

        List<Future<?>> walks = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(thread);
            walks.add(threads.submit(() -> {
                Cursor cursor = new Cursor(random::nextLong);
                for (int walk = 0; walk < WALKS_OF_A_THREAD; walk++) {
                    cursor.restartForNewKey();
                    assertWalk(picker, members, Key.of(random.nextLong()), cursor, LoadView.IDLE);
                }
            }));
        }
        threads.shutdown();

        for (Future<?> walk : walks) {
            walk.get(60, TimeUnit.SECONDS);
        }
    }

    /** Law. */
    @Test
    public void without_members_there_is_nobody() {
        Cursor cursor = new Cursor(new Random(1)::nextLong);

        assertThat(policy().picker(List.of()).next(Key.none(), cursor, LoadView.IDLE))
                .isEqualTo(-1);
    }

    /** Law. */
    @Test
    public void the_name_is_lower_case_with_hyphens() {
        assertThat(policy().name()).matches("[a-z0-9]+(-[a-z0-9]+)*");
    }

    /** Walks to the end and returns the indexes that were given. */
    private static List<Integer> assertWalk(
            Picker picker, List<Member> members, Key key, Cursor cursor, LoadView load) {
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).weight() > 0 || picker.router().isPresent()) {
                expected.add(i);
            }
        }
        List<Integer> given = new ArrayList<>();
        for (int index; (index = picker.next(key, cursor, load)) >= 0; ) {
            given.add(index);
            if (given.size() > expected.size()) {
                throw new AssertionError("the walk gives more than its candidates: " + given);
            }
        }
        assertThat(given).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(given.stream().map(i -> members.get(i).weight() == 0)).isSorted();
        assertThat(cursor.taken()).isEqualTo(given.size());
        assertThat(picker.next(key, cursor, load)).isEqualTo(-1);
        return given;
    }

    private static Key key(int walk, Random random) {
        return switch (walk % 3) {
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
