package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Hashing;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.HashRouter.Guarantee;
import io.github.lbkit.api.Member;
import io.github.lbkit.testkit.HashRouterContract;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JumpTest extends HashRouterContract {
    @Override
    protected HashRouter router(List<Member> members) {
        return HashRouters.jump(members);
    }

    @Override
    protected long goldenChecksum() {
        return 2848233717384007178L;
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

    /** More shards than a router has members, so by what the router asks. */
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
    void the_first_shard_that_leaves_moves_most_keys_and_no_promise_is_broken() {
        HashRouter before = HashRouters.jump(ClaimTableTest.equal(10));

        double moved = before.movesTo(before.without("S0")).stream()
                .mapToDouble(move -> move.share())
                .sum();

        assertThat(moved).isGreaterThan(0.9);
        assertThat(before.guarantees()).containsExactly(Guarantee.WEIGHT_RATIOS);
    }

    @Test
    void two_shards_of_one_number_are_refused() {
        assertThatThrownBy(() -> HashRouters.jump(List.of(numbered("a", 1), numbered("b", 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a'")
                .hasMessageContaining("'b'");
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
