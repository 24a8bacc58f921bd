package io.github.lbkit.hashing.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Member;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimsTest {
    private static final List<Member> MEMBERS =
            List.of(new Member("a", 1), new Member("b", 1_000_000), new Member("c", 3), new Member("d", 0));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 10, 15, 16})
    void each_member_claims_each_slot_once(int bits) {
        Claims claims = new Claims(MEMBERS, bits);
        for (int member = 0; member < 3; member++) {
            boolean[] claimed = new boolean[claims.slots()];
            for (int claim = 0; claim < claims.slots(); claim++) {
                int slot = claims.slot(member, claim);
                assertThat(claimed[slot]).isFalse();
                claimed[slot] = true;
                assertThat(claims.claim(member, slot)).isEqualTo(claim);
            }
        }
    }

    @Test
    void a_members_claims_come_one_after_the_other() {
        Claims claims = new Claims(MEMBERS, 12);
        for (int member = 0; member < 3; member++) {
            for (int claim = 1; claim < claims.slots(); claim++) {
                assertThat(claims.time(member, claim)).isGreaterThan(claims.time(member, claim - 1));
            }
        }
    }

    @Test
    void the_number_of_claims_until_a_time_is_at_most_slightly_too_high() {
        Claims claims = new Claims(MEMBERS, 16);
        for (int member = 0; member < 3; member++) {
            for (int claim = 0; claim < claims.slots(); claim += 97) {
                assertThat(claims.claimsUntil(member, claims.time(member, claim)))
                        .isBetween(claim + 1, claim + 4);
            }
        }
    }

    /** The results of bounds agree with those of times. */
    @Test
    void the_order_of_two_claims_is_that_of_their_times() {
        List<Member> members = IntStream.range(0, 60)
                .mapToObj(i -> new Member("S" + i, i < 30 ? 1 : 1 + i * i))
                .toList();
        Claims claims = new Claims(members, 10);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 300_000; i++) {
            int slot = random.nextInt(claims.slots());
            int one = random.nextInt(60);
            int other = (one + 1 + random.nextInt(59)) % 60;

            assertThat(claims.precedes(one, claims.claim(one, slot), other, claims.claim(other, slot)))
                    .isEqualTo(time(claims, one, slot) < time(claims, other, slot));
        }
    }

    @Test
    void claimants_are_in_the_order_of_times() {
        List<Member> members = IntStream.range(0, 40)
                .mapToObj(i -> new Member("S" + i, i % 7 * (i % 3)))
                .toList();
        Claims claims = new Claims(members, 8);
        for (int slot = 0; slot < claims.slots(); slot++) {
            int at = slot;
            List<Integer> sorted = IntStream.range(0, 40)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> time(claims, i, at))
                            .thenComparing(i -> i))
                    .toList();

            assertThat(claims.firstClaimant(slot)).isEqualTo(sorted.get(0));
            int last = -1;
            for (int expected : sorted) {
                last = claims.nextClaimant(slot, last, new Cursor(() -> 0));
                assertThat(last).isEqualTo(expected);
            }
            assertThat(claims.nextClaimant(slot, last, new Cursor(() -> 0))).isEqualTo(-1);
        }
    }

    /** A table that is filled in rounds equals one that is filled slot by slot. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 40, 300})
    void a_table_has_the_first_claimant_of_each_slot(int n) {
        for (int kind = 0; kind < 3; kind++) {
            int weights = kind;
            List<Member> members = IntStream.range(0, n)
                    .mapToObj(i -> new Member(
                            "S" + i,
                            weights == 0 ? 1 : weights == 1 ? i % 5 + (i == 0 ? 1 : 0) : i == 0 ? 1_000_000 : 1))
                    .toList();
            Claims claims = new Claims(members, 12);

            char[] owners = ClaimTable.of(claims).owners();

            for (int slot = 0; slot < claims.slots(); slot++) {
                assertThat((int) owners[slot]).isEqualTo(claims.firstClaimant(slot));
            }
        }
    }

    private static double time(Claims claims, int member, int slot) {
        return claims.time(member, claims.claim(member, slot));
    }
}
