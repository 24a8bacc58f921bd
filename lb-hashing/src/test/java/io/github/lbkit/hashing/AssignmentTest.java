package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.hashing.AssignmentOptions.Probing;
import io.github.lbkit.testkit.HashRouterContract;
import io.github.lbkit.testkit.MemberLists;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentTest extends HashRouterContract {
    private static final AssignmentOptions QUADRATIC = new AssignmentOptions(Probing.QUADRATIC, 1, 0);

    @Override
    protected HashRouter router(List<Member> members) {
        return HashRouters.assignment(members);
    }

    @Override
    protected long goldenChecksum() {
        return -4775292415745287019L;
    }

    @Override
    public Arbitrary<List<Member>> members() {
        return MemberLists.withWeights(Arbitraries.integers().between(0, 3), 1, maxMembers());
    }

    @ParameterizedTest
    @CsvSource({
        "2, 9531 469",
        "3, 8437 469 1094",
        "4, 8203 469 1016 312",
        "5, 7969 312 938 312 469",
        "6, 7891 312 938 312 469 78"
    })
    void expected_requests_of_10000_are_those_of_the_assignment(int servers, String expected) {
        HashRouter router = HashRouters.assignment(servers(servers));
        long[] owned = new long[servers];
        for (long number = 100_000; number < 1_000_000; number++) {
            owned[router.owner(number)]++;
        }

        String requests = Arrays.stream(owned)
                .mapToObj(count -> Long.toString(Math.round(Math.rint(count * 10_000 / 900_000.0))))
                .collect(Collectors.joining(" "));

        assertThat(requests).isEqualTo(expected);
    }

    @Test
    void shares_of_three_servers_are_multiples_of_one_512th() {
        HashRouter router = HashRouters.assignment(servers(3));

        assertThat(IntStream.range(0, 3).mapToDouble(router::share))
                .containsExactly(432 / 512.0, 24 / 512.0, 56 / 512.0);
    }

    @Test
    void requests_reach_87_of_the_512_slots() {
        HashRouter router = HashRouters.assignment(List.of());

        assertThat(LongStream.range(100_000, 1_000_000)
                        .mapToObj(router::position)
                        .distinct())
                .hasSize(87);
    }

    @Test
    void request_slots_do_not_overflow() {
        HashRouter router = HashRouters.assignment(servers(3));

        for (long number : new long[] {0, 7, 511, 100_000, 46_341, 3_037_000_500L, 999_999_999_999_999_999L}) {
            BigInteger i = BigInteger.valueOf(number);
            BigInteger slot = i.multiply(i)
                    .add(i.shiftLeft(1))
                    .add(BigInteger.valueOf(17))
                    .mod(BigInteger.valueOf(512));
            assertThat(router.position(number)).startsWith("slot " + slot + ",");
        }
        assertThat(HashRouters.assignment(List.of()).position(-1)).isEqualTo("slot 16");
        assertThat(HashRouters.assignment(List.of()).position(Long.MIN_VALUE)).isEqualTo("slot 17");
    }

    @Test
    void a_position_names_slot_virtual_server_and_server() {
        HashRouter router = HashRouters.assignment(servers(3));

        // H(1) = 20; the first taken slot from there is Φ(1, 0) = 26
        assertThat(router.position(1)).isEqualTo("slot 20, clockwise to slot 26: virtual server 0 of server 1 ('S01')");
    }

    @Test
    void linear_probing_fills_all_slots_and_refuses_server_57() {
        HashRouter full = HashRouters.assignment(servers(56));

        RingFullException refusal =
                catchThrowableOfType(RingFullException.class, () -> HashRouters.assignment(servers(57)));

        assertThat(full.members()).hasSize(56);
        assertThat(refusal.serverId()).isEqualTo("S57");
        assertThat(refusal.serversThatFit()).isEqualTo(56);
        assertThat(refusal.freeSlots()).isZero();
        assertThat(refusal).hasMessageContaining("S57").hasMessageContaining("56 servers");
    }

    @Test
    void quadratic_probing_cannot_place_server_40_though_155_slots_are_free() {
        HashRouter full = HashRouters.assignment(servers(39), QUADRATIC);

        RingFullException refusal =
                catchThrowableOfType(RingFullException.class, () -> full.with(new Member("S40", 1)));

        assertThat(refusal.serverId()).isEqualTo("S40");
        assertThat(refusal.serversThatFit()).isEqualTo(39);
        assertThat(refusal.freeSlots()).isEqualTo(155);
    }

    @Test
    void first_id_and_first_j_choose_other_slots() {
        AssignmentOptions from0 = new AssignmentOptions(Probing.LINEAR, 0, 1);

        HashRouter router = HashRouters.assignment(servers(1), from0);

        // Φ(0, 1) = 28
        assertThat(router.position(3)).contains("slot 32");
        assertThat(router.position(1)).contains("clockwise to slot 28: virtual server 1 of server 0");
        assertThat(router.name()).contains("first id=0").contains("first j=1").contains("linear");
    }

    @Test
    void options_out_of_range_are_refused() {
        assertThatThrownBy(() -> new AssignmentOptions(Probing.LINEAR, -1, 0)).hasMessageContaining("first id -1");
        assertThatThrownBy(() -> new AssignmentOptions(Probing.LINEAR, 1, 1_000_001))
                .hasMessageContaining("first j 1000001");
    }

    @Test
    void numbers_come_from_labels_and_the_lowest_free_ones_go_to_the_others_by_id() {
        HashRouter router = HashRouters.assignment(List.of(
                new Member("z", 1), numbered("y", "2"), new Member("x", 1), numbered("w", "7"), new Member("a", 1)));

        assertThat(numbersOf(router)).isEqualTo(Map.of("a", "1", "y", "2", "x", "3", "z", "4", "w", "7"));
    }

    @Test
    void a_label_keeps_a_servers_place_when_others_leave() {
        HashRouter three = HashRouters.assignment(List.of(numbered("a", "1"), numbered("b", "2"), numbered("c", "3")));

        assertThat(numbersOf(three.without("a"))).isEqualTo(Map.of("b", "2", "c", "3"));
    }

    @Test
    void labels_that_are_wrong_are_refused_by_name() {
        assertThatThrownBy(() -> HashRouters.assignment(List.of(numbered("a", "5"), numbered("b", "5"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a'")
                .hasMessageContaining("'b'")
                .hasMessageContaining("lbkit.number=5");
        for (String wrong : List.of("", "-1", "x", "1234567890", "１")) {
            assertThatThrownBy(() -> HashRouters.assignment(List.of(numbered("a", wrong))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("lbkit.number=" + wrong);
        }
    }

    @Property(tries = 50)
    void numbered_servers_have_one_map_whatever_the_order(@ForAll long seed) {
        List<Member> members = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            members.add(numbered("S" + i, Integer.toString(i)));
        }
        HashRouter expected = HashRouters.assignment(members);
        Random random = new Random(seed);
        Collections.shuffle(members, random);

        HashRouter built = HashRouters.assignment(List.of());
        for (Member member : members) {
            built = built.with(member).with(numbered("passing", "900")).without("passing");
        }

        for (int number = 0; number < 512; number++) {
            assertThat(built.position(number)).isEqualTo(expected.position(number));
        }
    }

    @Test
    void it_moves_keys_between_servers_that_stay() {
        HashRouter before = HashRouters.assignment(servers(6));

        List<Plan.Move> moves = before.movesTo(before.without("S01"));

        assertThat(moves)
                .anySatisfy(move -> assertThat(List.of(move.from(), move.to())).doesNotContain("S01"));
        assertThat(before.guarantees()).containsExactly(HashRouter.Guarantee.WEIGHT_RATIOS);
    }

    @Test
    void a_share_of_moves_is_a_whole_number_of_512ths() {
        HashRouter before = HashRouters.assignment(servers(3));

        assertThat(before.movesTo(HashRouters.assignment(servers(4))))
                .isNotEmpty()
                .allSatisfy(move -> assertThat(move.share() * 512).isEqualTo(Math.rint(move.share() * 512)));
    }

    @Test
    void moves_to_another_kind_cannot_be_computed() {
        assertThatThrownBy(() -> HashRouters.assignment(servers(2)).movesTo(HashRouters.rendezvous(servers(2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rendezvous");
    }

    private static Map<String, String> numbersOf(HashRouter router) {
        Map<String, String> numbers = new HashMap<>();
        for (int number = 0; number < 512; number++) {
            String position = router.position(number);
            String id = position.replaceAll(".*\\('(.*)'\\)", "$1");
            numbers.put(id, position.replaceAll(".* of server (\\d+) .*", "$1"));
        }
        return numbers;
    }

    private static Member numbered(String id, String number) {
        return new Member(id, 1, Map.of(HashRouters.NUMBER_LABEL, number));
    }

    /** Returns members with ids of two digits, so that the order of ids is that of numbers. */
    private static List<Member> servers(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> new Member(String.format(Locale.ROOT, "S%02d", i), 1))
                .toList();
    }
}
