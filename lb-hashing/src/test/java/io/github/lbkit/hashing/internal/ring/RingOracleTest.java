package io.github.lbkit.hashing.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.internal.envoy.EnvoyRingRouter;
import io.github.lbkit.hashing.internal.envoy.EnvoyRingSettings;
import io.github.lbkit.hashing.internal.hash.Murmur2;
import io.github.lbkit.hashing.internal.hash.XxHash64;
import io.github.lbkit.hashing.internal.ketama.KetamaRouter;
import io.github.lbkit.hashing.internal.ketama.KetamaVariant;
import io.github.lbkit.testkit.MemberLists;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Compares every ring with a scan of all points, for keys beside every point and past the last one. */
class RingOracleTest {
    private static final long PACKED = -1L << 17;
    private static final long WIDE = -1L;

    @Provide
    Arbitrary<List<Member>> members() {
        return MemberLists.withWeights(Arbitraries.integers().between(0, 3), 1, 12);
    }

    @Property(tries = 60)
    void fixed_rings_have_the_owners_of_a_scan(@ForAll("members") List<Member> members, @ForAll long seed) {
        assertAsScanned(FixedRingRouter.of(members, 4), PACKED, seed);
        assertAsScanned(FixedRingRouter.of(members, 0.5), PACKED, seed);
    }

    @Property(tries = 20)
    void ketama_has_the_owners_of_a_scan(@ForAll("members") List<Member> members, @ForAll long seed) {
        assertAsScanned(new KetamaRouter(members, KetamaVariant.SPYMEMCACHED), PACKED, seed);
    }

    @Property(tries = 60)
    void envoys_rings_have_the_owners_of_a_scan(@ForAll("members") List<Member> members, @ForAll long seed) {
        for (ToLongFunction<String> hash : List.<ToLongFunction<String>>of(t -> XxHash64.hash(t, 0), Murmur2::hash)) {
            assertAsScanned(new EnvoyRingRouter(members, new EnvoyRingSettings(20, 60, "", hash)), WIDE, seed);
        }
    }

    /** Points at one position are sorted by owner, and each owner is a candidate. */
    @Test
    void points_at_one_position_are_sorted_by_owner() {
        long position = 0x8000_0000_0000_0000L;
        PackedPoints packed = new PackedPoints(new long[] {
            PackedPoints.pack(position, 2), PackedPoints.pack(position, 0), PackedPoints.pack(position, 1)
        });
        WidePoints wide = new WidePoints(new long[] {position, position, position}, new char[] {2, 0, 1});

        for (Points points : List.of(packed, wide)) {
            int first = points.clockwise(position);
            assertThat(points.owner(points.clockwise(-1))).isZero();
            assertThat(points.ownerAt(position)).isZero();
            assertThat(List.of(points.owner(first), points.owner(first + 1), points.owner(first + 2)))
                    .containsExactly(0, 1, 2);
        }
    }

    /** More points at one place than a prefix index can count or a few cells can hold. */
    @Test
    void points_close_together_are_found() {
        int size = 2_000;
        long apart = 1L << 20;
        PackedPoints packed = new PackedPoints(LongStream.range(0, size)
                .map(i -> PackedPoints.pack(i * apart, 1))
                .toArray());
        WidePoints wide =
                new WidePoints(LongStream.range(0, size).map(i -> i * apart).toArray(), new char[size]);

        for (Points points : List.of(packed, wide)) {
            for (int point = 0; point < size; point++) {
                assertThat(points.clockwise(point * apart)).isEqualTo(point);
                assertThat(points.clockwise(point * apart + apart / 2)).isEqualTo((point + 1) % size);
                assertThat(points.position(point)).isEqualTo(point * apart);
            }
            for (int bit = 42; bit < Long.SIZE; bit++) {
                assertThat(points.clockwise(1L << bit)).isZero();
            }
        }
    }

    @Test
    void the_first_and_the_last_position_are_found() {
        WidePoints points = new WidePoints(new long[] {-1, 0}, new char[] {1, 0});

        assertThat(points.clockwise(0)).isZero();
        assertThat(points.clockwise(1)).isEqualTo(1);
        assertThat(points.clockwise(-1)).isEqualTo(1);
        assertThat(points.end(1)).isEqualTo(Points.WHOLE);
    }

    private static void assertAsScanned(RingRouter router, long mask, long seed) {
        List<Integer> order = new ArrayList<>();
        for (int point = 0; point < router.points.size(); point++) {
            order.add(point);
        }
        order.sort(Comparator.comparing((Integer p) -> router.points.position(p) + Long.MIN_VALUE)
                .thenComparing(router.points::owner));
        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            assertAsScanned(router, order, mask, random.nextLong());
        }
        for (int point : order) {
            long position = router.points.position(point);
            long key = router instanceof KetamaRouter ? position >>> 32 : position;
            for (long beside = -1; beside <= 1; beside++) {
                assertAsScanned(router, order, mask, key + beside);
            }
        }
        for (long edge : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertAsScanned(router, order, mask, edge);
        }
    }

    private static void assertAsScanned(RingRouter router, List<Integer> order, long mask, long key) {
        long place = router.ringPosition(key) & mask;
        List<Integer> expected = new ArrayList<>();
        for (boolean past : new boolean[] {false, true}) {
            for (int point : order) {
                boolean before = Long.compareUnsigned(router.points.position(point), place) < 0;
                if (before == past && !expected.contains(router.points.owner(point))) {
                    expected.add(router.points.owner(point));
                }
            }
        }
        Cursor cursor = new Cursor(() -> 0);
        for (int owner : expected) {
            assertThat(router.next(key, cursor)).isEqualTo(owner);
        }
        assertThat(router.owner(key)).isEqualTo(expected.isEmpty() ? -1 : expected.get(0));
    }
}
