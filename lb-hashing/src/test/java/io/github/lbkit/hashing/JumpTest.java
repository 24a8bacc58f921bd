package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.hash.Hashing;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.HashRouter.Guarantee;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.testkit.HashRouterContract;
import io.github.lbkit.testkit.MemberLists;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JumpTest extends HashRouterContract {
    @Override
    protected HashRouter router(List<Member> members) {
        return HashRouters.jump(members);
    }

    @Override
    protected long goldenChecksum() {
        return 2848233717384007178L;
    }

    @Override
    protected Arbitrary<String> ids() {
        return MemberLists.numberedIds();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 100, 55",
        "2, 100, 62",
        "3, 100, 8",
        "4, 100, 45",
        "5, 100, 59",
        "10863919174838991, 11, 6",
        "2016238256797177309, 11, 3",
        "1673758223894951030, 11, 5"
    })
    void shards_are_those_of_guava(long hash, int shards, int shard) {
        HashRouter router = HashRouters.jump(numbered(shards));

        assertThat(router.members().get(router.owner(hash)).labels()).containsValue(Integer.toString(shard));
        assertThat(router.position(hash)).isEqualTo("shard " + shard + " of " + shards);
    }

    /** More shards than a router can have, so the test calls Guava directly. */
    @ParameterizedTest
    @CsvSource({"2, 80343", "2201, 22152", "2202, 15018"})
    void shards_of_a_hundred_thousand_are_those_of_guava(long hash, int shard) {
        assertThat(Hashing.consistentHash(hash, 100_001)).isEqualTo(shard);
    }

    @Test
    void the_last_shard_that_joins_takes_from_each_alike() {
        HashRouter before = HashRouters.jump(numbered(4));
        HashRouter after = HashRouters.jump(numbered(5));

        assertThat(before.movesTo(after)).hasSize(4).allSatisfy(move -> {
            assertThat(move.to()).isEqualTo("shard 4");
            assertThat(move.share()).isEqualTo(1.0 / 20);
        });
        assertThat(after.movesTo(before))
                .hasSize(4)
                .allSatisfy(move -> assertThat(move.from()).isEqualTo("shard 4"));
    }

    @Test
    void the_first_shard_that_leaves_moves_most_keys_and_no_guarantee_is_broken() {
        HashRouter before = HashRouters.jump(ClaimTableTest.equal(10));

        double moved = before.movesTo(before.without("S0")).stream()
                .mapToDouble(move -> move.share())
                .sum();

        assertThat(moved).isGreaterThan(0.9);
        assertThat(before.guarantees()).containsExactly(Guarantee.WEIGHT_RATIOS);
    }

    /** S10 follows S9, unlike in the order of ids, which would move nine tenths of the keys here. */
    @Property(tries = 100)
    void a_shard_added_after_the_last_takes_its_share_and_no_other_key_moves(
            @ForAll @IntRange(min = 1, max = 300) int shards,
            @ForAll @IntRange(max = 2) int naming,
            @ForAll @IntRange(max = 1_000) int first,
            @ForAll long seed) {
        List<Member> more = IntStream.rangeClosed(first, first + shards)
                .mapToObj(i -> named(naming, i))
                .toList();
        HashRouter before = HashRouters.jump(more.subList(0, shards));
        HashRouter after = before.with(more.get(shards));
        SplittableRandom keys = new SplittableRandom(seed);

        double moved =
                before.movesTo(after).stream().mapToDouble(Plan.Move::share).sum();
        assertThat(moved).isCloseTo(1.0 / (shards + 1), within(1e-9));
        for (int i = 0; i < 500; i++) {
            long key = keys.nextLong();
            String owner = owner(after, key);
            assertThat(owner).isIn(owner(before, key), more.get(shards).id());
        }
    }

    private static Member named(int naming, int number) {
        return switch (naming) {
            case 0 -> new Member("S" + number, 1);
            case 1 -> new Member("127.0.0.1:" + number, 1);
            default -> numbered("shard " + Integer.toString(number, 3), number);
        };
    }

    private static String owner(HashRouter router, long key) {
        return router.members().get(router.owner(key)).id();
    }

    @Test
    void the_label_counts_before_the_number_of_the_id() {
        HashRouter router = HashRouters.jump(
                List.of(numbered("S1", 7), new Member("S2", 1), new Member("S10", 1), numbered("x", 5)));

        assertThat(inOrder(router)).containsExactly("S2", "x", "S1", "S10");
    }

    /** The ids of the shards, from shard 0. */
    private static List<String> inOrder(HashRouter router) {
        Map<Integer, String> ids = new TreeMap<>();
        SplittableRandom keys = new SplittableRandom(1);
        for (int i = 0; i < 1_000; i++) {
            long key = keys.nextLong();
            ids.put(Hashing.consistentHash(key, router.members().size()), owner(router, key));
        }
        return List.copyOf(ids.values());
    }

    @ParameterizedTest
    @CsvSource({
        "S1 S2 cache, cache",
        "cache, cache",
        "S1 T2, S1",
        "S1 T2, T2",
        "10.0.0.1:80 10.0.0.2:80, 10.0.0.2:80",
        "S1 S01, S01",
        "S1 S0123456789012345678, S0123456789012345678"
    })
    void ids_without_a_certain_order_are_refused_by_name_with_the_label(String ids, String named) {
        List<Member> members =
                Stream.of(ids.split(" ")).map(id -> new Member(id, 1)).toList();

        assertThatThrownBy(() -> HashRouters.jump(members))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + named + "'")
                .hasMessageContaining(HashRouters.NUMBER_LABEL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a 1 b 1", "S2 5 S5 -"})
    void two_shards_of_one_number_are_refused(String shards) {
        List<String> parts = List.of(shards.split(" "));
        List<Member> members = IntStream.of(0, 2)
                .mapToObj(i -> parts.get(i + 1).equals("-")
                        ? new Member(parts.get(i), 1)
                        : numbered(parts.get(i), Integer.parseInt(parts.get(i + 1))))
                .toList();

        assertThatThrownBy(() -> HashRouters.jump(members))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + parts.get(0) + "'")
                .hasMessageContaining("'" + parts.get(2) + "'")
                .hasMessageContaining(HashRouters.NUMBER_LABEL);
    }

    @Test
    void a_shard_in_the_middle_that_loses_its_weight_moves_later_keys_as_if_it_left() {
        HashRouter before = HashRouters.jump(ClaimTableTest.equal(10));

        HashRouter idle = before.with(new Member("S4", 0));
        HashRouter removed = before.without("S4");

        assertThat(before.movesTo(idle)).isEqualTo(before.movesTo(removed));
        assertThat(before.movesTo(idle).stream().mapToDouble(Plan.Move::share).sum())
                .isGreaterThan(0.5);
    }

    private static List<Member> numbered(int shards) {
        return IntStream.range(0, shards)
                .mapToObj(i -> numbered("shard " + i, i))
                .toList();
    }

    private static Member numbered(String id, int number) {
        return new Member(id, 1, Map.of(HashRouters.NUMBER_LABEL, Integer.toString(number)));
    }
}
