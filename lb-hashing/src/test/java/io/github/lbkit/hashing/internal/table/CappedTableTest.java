package io.github.lbkit.hashing.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.HashRouters;
import io.github.lbkit.testkit.HashRouterContract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The laws on small tables, which are built quickly. */
class CappedTableTest extends HashRouterContract {
    private static final int BITS = 9;

    @Override
    protected HashRouter router(List<Member> members) {
        return CappedRouter.ofBits(members, BITS, 500);
    }

    @Override
    protected HashRouter goldenRouter(List<Member> members) {
        return HashRouters.capped(members, 128, 0.05);
    }

    @Override
    protected long goldenChecksum() {
        return -7139714226602473017L;
    }

    /** Compares with all claims, sorted by time and served one by one. */
    @Property(tries = 60)
    void claims_are_served_in_the_order_of_their_times(
            @ForAll("members") List<Member> members, @ForAll @IntRange(max = 2_000) int excess) {
        List<Member> sorted = members.stream().sorted(Member.BY_ID).toList();
        Claims claims = new Claims(sorted, BITS);
        List<int[]> all = new ArrayList<>();
        for (int member = 0; member < sorted.size(); member++) {
            for (int claim = 0; sorted.get(member).weight() > 0 && claim < claims.slots(); claim++) {
                all.add(new int[] {member, claim});
            }
        }
        all.sort(Comparator.comparingLong((int[] c) -> Double.doubleToRawLongBits(claims.time(c[0], c[1])) >>> 20)
                .thenComparingInt(c -> c[0])
                .thenComparingInt(c -> c[1]));
        char[] expected = new char[claims.slots()];
        Arrays.fill(expected, TableRouter.NO_OWNER);
        int[] taken = new int[sorted.size()];
        for (int[] claim : all) {
            int slot = claims.slot(claim[0], claim[1]);
            if (expected[slot] == TableRouter.NO_OWNER && taken[claim[0]] < CappedTable.cap(claims, claim[0], excess)) {
                expected[slot] = (char) claim[0];
                taken[claim[0]]++;
            }
        }

        assertThat(CappedTable.fill(claims, excess)).isEqualTo(expected);
    }
}
