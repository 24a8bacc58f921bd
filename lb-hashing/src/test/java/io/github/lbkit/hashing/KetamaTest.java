package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.testkit.HashRouterContract;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KetamaTest extends HashRouterContract {
    @Override
    protected HashRouter router(List<Member> members) {
        return HashRouters.ketama(members);
    }

    @Override
    protected long goldenChecksum() {
        return 3314963375078782837L;
    }

    @Override
    protected int maxMembers() {
        return 8;
    }

    @ParameterizedTest
    @CsvSource({"26, 3979113294", "1404, 2065000984"})
    void keys_hash_as_those_of_spymemcached(String key, long hash) {
        assertThat(KeyHashes.ketama().hash(key)).isEqualTo(hash);
        assertThat(KeyHashes.ketama().hash(Long.parseLong(key))).isEqualTo(hash);
    }

    /** The owners of the keys 0, 233, 466, … in spymemcached's test of compatibility with libketama. */
    @Test
    void owners_are_those_of_spymemcached() {
        HashRouter router = HashRouters.ketama(IntStream.rangeClosed(1, 8)
                .mapToObj(i -> new Member("10.0.1." + i + ":11211", 1))
                .toList());
        KeyHash keys = KeyHashes.ketama();
        String expected = "173162165373612384434742232755154255122" + "163251552538227538636682371413355414762";

        String owners = IntStream.range(0, expected.length())
                .mapToObj(i -> Integer.toString(router.owner(keys.hash(Integer.toString(233 * i))) + 1))
                .collect(Collectors.joining());

        assertThat(owners).isEqualTo(expected);
    }

    /** The weights and the keys of twitter-util's test, whose own come from libmemcached. */
    @ParameterizedTest
    @CsvSource({"-166124121512512, 5", "8796093022208, 3", "4312515125124, 2", "-8192481414141, 1", "-9515121512312, 5"
    })
    void unequal_weights_have_the_points_of_libmemcached(long hash, int server) {
        int[] weights = {600, 300, 200, 350, 1000, 800, 950, 100};
        HashRouter router = HashRouters.ketama(IntStream.rangeClosed(1, 8)
                .mapToObj(i -> new Member("10.0.1." + i, weights[i - 1]))
                .toList());

        assertThat(router.members().get(router.owner(hash)).id()).isEqualTo("10.0.1." + server);
    }

    @Test
    void equal_weights_have_160_points_each_and_filter() {
        HashRouter router = HashRouters.ketama(ClaimTableTest.equal(9));
        HashRouter without = router.without("S4");

        assertThat(router.position(0)).endsWith("of 1440");
        for (long key = 0; key < 1L << 32; key += 7_654_321) {
            List<String> left = candidates(router, key);
            left.remove("S4");
            assertThat(candidates(without, key)).isEqualTo(left);
        }
    }

    @Test
    void a_server_too_light_for_a_point_owns_nothing_and_is_still_a_candidate() {
        HashRouter router =
                HashRouters.ketama(List.of(new Member("heavy", 100_000), new Member("light", 1), new Member("a", 0)));

        assertThat(router.share(router.members().indexOf(new Member("light", 1))))
                .isZero();
        assertThat(candidates(router, 5)).containsExactly("heavy", "light", "a");
    }

    private static List<String> candidates(HashRouter router, long key) {
        List<String> ids = new ArrayList<>();
        Cursor cursor = new Cursor(() -> 0);
        for (int index; (index = router.next(key, cursor)) >= 0; ) {
            ids.add(router.members().get(index).id());
        }
        return ids;
    }
}
