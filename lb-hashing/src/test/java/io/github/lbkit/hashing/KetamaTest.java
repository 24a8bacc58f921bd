package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.KeyHash;
import io.github.lbkit.api.Member;
import io.github.lbkit.testkit.HashRouterContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    /**
     * All 3,241 keys of spymemcached's tests of compatibility with libketama: every 233rd number from the first one of
     * a line.
     */
    @Test
    void owners_are_those_of_spymemcached() throws IOException {
        HashRouter router = HashRouters.ketama(IntStream.rangeClosed(1, 8)
                .mapToObj(i -> new Member("10.0.1." + i + ":11211", 1))
                .toList());
        KeyHash keys = KeyHashes.ketama();
        int compared = 0;

        for (String line : lines("spymemcached-owners.txt")) {
            int space = line.indexOf(' ');
            int first = Integer.parseInt(line.substring(0, space));
            String expected = line.substring(space + 1);
            String owners = IntStream.range(0, expected.length())
                    .mapToObj(i -> Integer.toString(router.owner(keys.hash(Integer.toString(first + 233 * i))) + 1))
                    .collect(Collectors.joining());
            assertThat(owners).as("from key %s", first).isEqualTo(expected);
            compared += owners.length();
        }

        assertThat(compared).isEqualTo(3_241);
    }

    /** Four or five servers from 127.0.0.1:10000; the keys of eight characters are past the last point. */
    @ParameterizedTest
    @CsvSource({
        "4, dustin, 0",
        "4, noelani, 2",
        "4, some other key, 0",
        "4, V5XS8C8N, 3",
        "4, 8KR2DKR2, 3",
        "4, L9KH6X4X, 3",
        "5, dustin, 0",
        "5, noelani, 2",
        "5, some other key, 4",
        "5, 36, 2",
        "5, 10037, 3",
        "5, 22051, 1",
        "5, 49044, 4"
    })
    void owners_past_the_last_point_and_after_a_join_are_those_of_spymemcached(int servers, String key, int server) {
        HashRouter router = HashRouters.ketama(IntStream.range(0, servers)
                .mapToObj(i -> new Member("127.0.0.1:" + (10_000 + i), 1))
                .toList());

        assertThat(router.owner(KeyHashes.ketama().hash(key))).isEqualTo(server);
    }

    /** The names of libmemcached omit its default port. */
    @Test
    void equal_weights_above_1_have_the_owners_of_libmemcached() {
        HashRouter router = HashRouters.ketama(List.of(new Member("localhost", 8), new Member("localhost:11212", 8)));

        String owners = Stream.of("key1", "key2", "key3", "key4")
                .map(key -> Integer.toString(router.owner(KeyHashes.ketama().hash(key))))
                .collect(Collectors.joining());

        assertThat(owners).isEqualTo("1011");
    }

    /**
     * Lines with a key, its hash, its point and the owner, from libmemcached, as in the tests of smile and Finagle.
     */
    @Test
    void hashes_points_and_owners_of_unequal_weights_are_those_of_libmemcached() throws IOException {
        HashRouter router = weighted();
        List<String> lines = lines("libmemcached-weighted-owners.txt");

        assertThat(lines).hasSize(99).allSatisfy(line -> {
            List<String> parts = List.of(line.split(" ", -1));
            long hash = Long.parseLong(parts.get(1));
            long point = Long.parseLong(parts.get(2));
            assertThat(KeyHashes.ketama().hash(parts.get(0))).isEqualTo(hash);
            assertThat(router.members().get(router.owner(hash)).id()).isEqualTo(parts.get(3));
            assertThat(router.position(hash)).isEqualTo(placed(router, point, hash));
            assertThat(router.position(point + 1)).isNotEqualTo(placed(router, point, point + 1));
        });
    }

    /** Returns the position of a hash that belongs to the point with this index. */
    private static String placed(HashRouter router, long point, long hash) {
        return router.position(point).replace(Long.toUnsignedString(point << 32), Long.toUnsignedString(hash << 32));
    }

    /** The weights and the keys of twitter-util's test, which come from libmemcached. */
    @ParameterizedTest
    @CsvSource({"-166124121512512, 5", "8796093022208, 3", "4312515125124, 2", "-8192481414141, 1", "-9515121512312, 5"
    })
    void unequal_weights_have_the_points_of_libmemcached(long hash, int server) {
        HashRouter router = weighted();

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

    private static HashRouter weighted() {
        int[] weights = {600, 300, 200, 350, 1000, 800, 950, 100};
        return HashRouters.ketama(IntStream.rangeClosed(1, 8)
                .mapToObj(i -> new Member("10.0.1." + i, weights[i - 1]))
                .toList());
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(KetamaTest.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        }
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
