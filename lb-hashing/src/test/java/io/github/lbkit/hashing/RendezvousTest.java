package io.github.lbkit.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.api.explain.Plan;
import io.github.lbkit.testkit.Frequencies;
import io.github.lbkit.testkit.HashRouterContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RendezvousTest extends HashRouterContract {
    @Override
    protected HashRouter router(List<Member> members) {
        return HashRouters.rendezvous(members);
    }

    @Override
    protected long goldenChecksum() {
        return -650847137793752644L;
    }

    @Test
    void a_member_that_joins_takes_from_each_in_proportion() {
        List<Plan.Move> moves = router("a", 1, "b", 2).movesTo(router("a", 1, "b", 2, "c", 3));

        assertThat(shares(moves)).containsOnlyKeys("a to c", "b to c");
        assertThat(shares(moves).get("a to c")).isCloseTo(1.0 / 6, within(1e-15));
        assertThat(shares(moves).get("b to c")).isCloseTo(2.0 / 6, within(1e-15));
    }

    @Test
    void replacing_a_member_also_moves_keys_of_the_others() {
        List<Plan.Move> moves = router("removed", 1, "kept", 1).movesTo(router("kept", 1, "new", 1));

        // each of the three members has the lowest score for a third of the keys; the keys of the removed one go half
        // to each other member, and the keys of the new one come half from each
        assertThat(shares(moves).get("removed to kept")).isCloseTo(1.0 / 6, within(1e-15));
        assertThat(shares(moves).get("kept to new")).isCloseTo(1.0 / 6, within(1e-15));
        assertThat(shares(moves).get("removed to new")).isCloseTo(1.0 / 3, within(1e-15));
    }

    @Test
    void a_weight_that_grows_takes_from_the_others_alone() {
        List<Plan.Move> moves = router("a", 1, "b", 1, "c", 2).movesTo(router("a", 1, "b", 1, "c", 6));

        assertThat(shares(moves)).containsOnlyKeys("a to c", "b to c");
        assertThat(shares(moves).get("a to c")).isCloseTo(1.0 / 8, within(1e-15));
    }

    @Test
    void moves_of_a_million_keys_are_as_planned_when_all_changes_come_at_once() {
        HashRouter before = router("a", 1, "b", 1_000_000, "c", 400_000, "d", 250_000, "e", 600_000, "f", 0);
        HashRouter after = router("a", 500_000, "b", 700_000, "c", 1, "d", 250_000, "f", 300_000, "g", 800_000);
        Map<String, Double> expected = shares(before.movesTo(after));
        expected.put("stays", 1 - expected.values().stream().mapToDouble(s -> s).sum());

        Frequencies moves = new Frequencies();
        SplittableRandom random = new SplittableRandom(20_261_122);
        for (int i = 0; i < 1_000_000; i++) {
            long key = random.nextLong();
            String from = before.members().get(before.owner(key)).id();
            String to = after.members().get(after.owner(key)).id();
            moves.count(from.equals(to) ? "stays" : from + " to " + to);
        }

        moves.assertFit(expected);
    }

    @Test
    void light_members_beside_a_heavy_one_get_their_share() {
        List<Member> members = new ArrayList<>();
        members.add(new Member("heavy", 1_000_000));
        for (int i = 0; i < 100; i++) {
            members.add(new Member("light" + i, 1_000));
        }
        HashRouter router = HashRouters.rendezvous(members);
        Frequencies owners = new Frequencies();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 400_000; i++) {
            String owner = router.members().get(router.owner(random.nextLong())).id();
            owners.count(owner.equals("heavy") ? "heavy" : "light");
        }

        owners.assertFit(Map.of("heavy", 1_000_000 / 1_100_000.0, "light", 100_000 / 1_100_000.0));
    }

    @Test
    void the_keys_of_a_lost_member_go_to_the_others_in_proportion_to_weight() {
        HashRouter router = router("lost", 4, "a", 1, "b", 2, "c", 5);
        HashRouter without = router.without("lost");
        int lost = router.members().indexOf(new Member("lost", 4));
        Frequencies seconds = new Frequencies();
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 200_000; i++) {
            long key = random.nextLong();
            if (router.owner(key) == lost) {
                seconds.count(without.members().get(without.owner(key)).id());
            }
        }

        seconds.assertFit(Map.of("a", 1 / 8.0, "b", 2 / 8.0, "c", 5 / 8.0));
    }

    @Test
    void keys_in_a_row_spread_like_any_others() {
        HashRouter router = router("a", 1, "b", 1, "c", 1);
        Frequencies owners = new Frequencies();
        for (long key = 0; key < 100_000; key++) {
            owners.count(router.members().get(router.owner(key)).id());
        }

        owners.assertFit(Map.of("a", 1 / 3.0, "b", 1 / 3.0, "c", 1 / 3.0));
    }

    @Test
    void moves_to_another_kind_cannot_be_computed() {
        assertThatThrownBy(() -> router("a", 1).movesTo(HashRouters.assignment(List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("assignment");
    }

    private static Map<String, Double> shares(List<Plan.Move> moves) {
        Map<String, Double> shares = new TreeMap<>();
        moves.forEach(move -> shares.put(move.from() + " to " + move.to(), move.share()));
        return shares;
    }

    private static HashRouter router(Object... idsAndWeights) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < idsAndWeights.length; i += 2) {
            members.add(new Member((String) idsAndWeights[i], (int) idsAndWeights[i + 1]));
        }
        return HashRouters.rendezvous(members);
    }
}
