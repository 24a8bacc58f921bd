package io.github.lbkit.hashing.internal.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Member;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the fast computations of an owner, by draws and by bounds, with the order of scores. */
class RendezvousOwnerTest {
    private static final int KEYS = 30_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 100, 101, 300})
    void owners_of_equal_members_are_the_first_by_score(int n) {
        assertFirstByScore(n, i -> 1);
        assertFirstByScore(n, i -> 1_000_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 100, 101, 300})
    void owners_of_unequal_members_are_the_first_by_score(int n) {
        assertFirstByScore(n, i -> 1 + i % 10);
        assertFirstByScore(n, i -> i % 3);
        assertFirstByScore(n, i -> i == 0 ? 1_000_000 : 1);
        assertFirstByScore(n, i -> i == n - 1 ? 1 : 0);
    }

    private static void assertFirstByScore(int n, IntUnaryOperator weight) {
        List<Member> members = IntStream.range(0, n)
                .mapToObj(i -> new Member("S" + i, weight.applyAsInt(i)))
                .toList();
        RendezvousRouter router = new RendezvousRouter(members);
        if (members.stream().allMatch(member -> member.weight() == 0)) {
            assertThat(router.owner(0)).isEqualTo(-1);
            return;
        }
        SplittableRandom random = new SplittableRandom(n);
        for (int i = 0; i < KEYS; i++) {
            long key = random.nextLong();
            int first = router.after(key, -1, new Cursor(() -> 0));
            if (router.owner(key) != first) {
                assertThat(router.owner(key)).as("owner of %d", key).isEqualTo(first);
            }
        }
    }
}
