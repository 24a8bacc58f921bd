package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.testkit.Frequencies;
import io.github.lbkit.testkit.HashRouterContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimTableTest extends HashRouterContract {
    @Override
    protected HashRouter router(List<Member> members) {
        return HashRouters.claimTable(members);
    }

    @Override
    protected long goldenChecksum() {
        return 8911767094160495080L;
    }

    @Override
    protected int maxMembers() {
        return 16;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 65536",
        "128, 65536",
        "129, 262144",
        "256, 262144",
        "1000, 1048576",
        "1024, 1048576",
        "1025, 2097152",
        "4096, 4194304",
        "65534, 4194304"
    })
    void the_size_depends_on_max_servers(int maxServers, int slots) {
        assertThat(HashRouters.claimTable(List.of(), maxServers).name()).isEqualTo("claim table(slots=" + slots + ")");
    }

    @Test
    void a_size_out_of_range_is_refused() {
        assertThatThrownBy(() -> HashRouters.claimTable(List.of(), 0)).hasMessageContaining("max servers 0");
        assertThatThrownBy(() -> HashRouters.claimTable(List.of(), 65_535)).hasMessageContaining("max servers 65535");
    }

    @Test
    void a_table_takes_65534_members_and_refuses_one_more() {
        List<Member> members = new ArrayList<>(equal(65_534));
        HashRouter full = HashRouters.claimTable(members);

        assertThat(IntStream.range(0, members.size()).mapToDouble(full::share).sum())
                .isEqualTo(1);
        assertThat(full.without("S40000").with(new Member("S40000", 1)).movesTo(full))
                .isEmpty();
        members.add(new Member("one more", 1));
        assertThatThrownBy(() -> HashRouters.claimTable(members))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65535")
                .hasMessageContaining("65534");
        assertThatThrownBy(() -> full.with(new Member("one more", 1))).hasMessageContaining("65534");
    }

    /** Compares every slot, with more members than in the contract suite. */
    @Test
    void changes_one_by_one_give_the_table_of_a_new_router() {
        SplittableRandom random = new SplittableRandom(5);
        HashRouter changed = HashRouters.claimTable(equal(100));
        for (int step = 0; step < 150; step++) {
            int id = random.nextInt(150);
            changed = random.nextInt(4) == 0
                    ? changed.without("S" + id)
                    : changed.with(new Member("S" + id, random.nextInt(3) == 0 ? 1 : random.nextInt(50)));
        }

        assertThat(changed.movesTo(HashRouters.claimTable(changed.members()))).isEmpty();
        assertThat(changed.members()).hasSizeGreaterThan(80);
    }

    /** The bounds of a binomial count of slots at 10^−9, for independent members. */
    @ParameterizedTest
    @CsvSource({"10, 128, 0.925, 1.077", "100, 128, 0.748, 1.276", "1000, 1000, 0.788, 1.227"})
    void shares_of_equal_members_are_nearly_equal(int servers, int maxServers, double least, double most) {
        HashRouter router = HashRouters.claimTable(equal(servers), maxServers);

        double variance = 0;
        for (int i = 0; i < servers; i++) {
            double ratio = router.share(i) * servers;
            assertThat(ratio).isBetween(least, most);
            variance += (ratio - 1) * (ratio - 1) / servers;
        }
        double slotsOfOne = (servers == 1000 ? 1 << 20 : 1 << 16) / (double) servers;
        if (servers >= 100) {
            assertThat(variance * 2 * slotsOfOne).isBetween(0.6, 1.4);
        }
    }

    @Test
    void the_peak_is_within_the_documented_bound() {
        assertThat(peak(HashRouters.claimTable(equal(100)))).isLessThan(1.10);
        assertThat(peak(HashRouters.claimTable(equal(1000), 1000))).isLessThan(1.08);
    }

    @Test
    void the_keys_of_a_lost_member_go_to_the_others_in_proportion_to_weight() {
        Frequencies seconds = new Frequencies();
        for (int set = 0; set < 400; set++) {
            HashRouter router = HashRouters.claimTable(List.of(
                    new Member("lost" + set, 4),
                    new Member("a" + set, 1),
                    new Member("b" + set, 2),
                    new Member("c" + set, 5)));
            SplittableRandom random = new SplittableRandom(set);
            for (int i = 0; i < 500; i++) {
                Cursor cursor = new Cursor(() -> 0);
                long key = random.nextLong();
                if (id(router, router.next(key, cursor)).startsWith("lost")) {
                    seconds.count(id(router, router.next(key, cursor)).substring(0, 1));
                }
            }
        }

        seconds.assertFit(Map.of("a", 1 / 8.0, "b", 2 / 8.0, "c", 5 / 8.0));
    }

    @Test
    void a_cached_second_candidate_never_changes() {
        HashRouter router = HashRouters.claimTable(equal(50));
        List<String> first = walk(router, 1L << 62);

        walk(router, 1L << 61);

        assertThat(walk(router, 1L << 62))
                .isEqualTo(first)
                .doesNotHaveDuplicates()
                .hasSize(50);
    }

    @Test
    void a_position_is_a_slot() {
        assertThat(HashRouters.claimTable(equal(3)).position(-1)).isEqualTo("slot 65535 of 65536");
        assertThat(HashRouters.claimTable(List.of()).position(1L << 48)).isEqualTo("slot 1 of 65536");
    }

    @Test
    void moves_to_another_size_or_kind_cannot_be_computed() {
        HashRouter router = HashRouters.claimTable(equal(3));

        assertThatThrownBy(() -> router.movesTo(HashRouters.claimTable(equal(3), 1000)))
                .hasMessageContaining("slots=65536")
                .hasMessageContaining("slots=1048576");
        assertThatThrownBy(() -> router.movesTo(HashRouters.rendezvous(equal(3))))
                .hasMessageContaining("rendezvous");
    }

    static double peak(HashRouter router) {
        int n = router.members().size();
        return IntStream.range(0, n).mapToDouble(router::share).max().orElse(0) * n;
    }

    static List<Member> equal(int servers) {
        return IntStream.range(0, servers).mapToObj(i -> new Member("S" + i, 1)).toList();
    }

    private static List<String> walk(HashRouter router, long key) {
        List<String> ids = new ArrayList<>();
        Cursor cursor = new Cursor(() -> 0);
        for (int index; (index = router.next(key, cursor)) >= 0; ) {
            ids.add(id(router, index));
        }
        return ids;
    }

    private static String id(HashRouter router, int index) {
        return router.members().get(index).id();
    }
}
