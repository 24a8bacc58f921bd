package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaglevTest {
    @ParameterizedTest
    @CsvSource({"1, 65537", "655, 65537", "656, 65609", "1000, 100003", "65534, 6553441"})
    void the_size_is_a_prime_that_depends_on_max_servers(int maxServers, int slots) {
        assertThat(HashRouters.maglev(List.of(), maxServers).name()).isEqualTo("maglev(slots=" + slots + ")");
    }

    @Test
    void equal_servers_are_even_to_one_slot() {
        HashRouter router = HashRouters.maglev(ClaimTableTest.equal(100), 128);

        for (int i = 0; i < 100; i++) {
            assertThat(router.share(i) * 65_537).isBetween(655 - 1e-6, 656 + 1e-6);
        }
    }

    @Test
    void unequal_servers_get_turns_in_proportion() {
        HashRouter router = HashRouters.maglev(
                List.of(new Member("a", 1), new Member("b", 10), new Member("c", 89), new Member("d", 0)), 128);

        assertThat(router.share(0)).isBetween(0.0099, 0.0101);
        assertThat(router.share(1)).isBetween(0.0999, 0.1001);
        assertThat(router.share(3)).isZero();
    }

    /** The table of Envoy's test "Basic", of its "BasicWithHostName", and of its "Weighted". */
    @Test
    void envoys_published_tables_are_reproduced() {
        assertThat(table(HashRouters.envoyMaglev(envoys("127.0.0.1:9%d"), 7), 7))
                .isEqualTo("2401503");
        assertThat(table(HashRouters.envoyMaglev(envoys("9%d"), 7), 7)).isEqualTo("2503410");
        assertThat(table(
                        HashRouters.envoyMaglev(
                                List.of(new Member("127.0.0.1:90", 1), new Member("127.0.0.1:91", 2)), 17),
                        17))
                .isEqualTo("10010110111110101");
    }

    @Test
    void envoys_slot_is_the_hash_without_sign_modulo_the_size() {
        HashRouter router = HashRouters.envoyMaglev(envoys("127.0.0.1:9%d"), 7);

        // 2^64 − 1 is 1 modulo 7
        assertThat(router.position(-1)).isEqualTo("slot 1 of 7");
        assertThat(router.owner(-1)).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"8", "2", "0", "-7", "5000017", "65536"})
    void a_size_that_envoy_refuses_is_refused(int size) {
        assertThatThrownBy(() -> HashRouters.envoyMaglev(List.of(), size))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("table size " + size)
                .hasMessageContaining("prime");
    }

    private static List<Member> envoys(String id) {
        return IntStream.range(0, 6)
                .mapToObj(i -> new Member(String.format(Locale.ROOT, id, i), 1))
                .toList();
    }

    private static String table(HashRouter router, int slots) {
        StringBuilder table = new StringBuilder();
        IntStream.range(0, slots).forEach(slot -> table.append(router.owner(slot)));
        return table.toString();
    }
}
