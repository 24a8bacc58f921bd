package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import java.util.ArrayList;
import java.util.List;

/** Look-ups in routers that return ids, which can be compared between routers of different members. */
final class RouterLookups {
    private RouterLookups() {}

    /** Returns the id of the owner; empty if the key has none. */
    static String owner(HashRouter router, long key) {
        int owner = router.owner(key);
        return owner < 0 ? "" : router.members().get(owner).id();
    }

    /**
     * Returns the ids of all candidates in order; fails if the router repeats one, does not end, or draws random
     * numbers.
     */
    static List<String> candidates(HashRouter router, long key) {
        Cursor cursor = new Cursor(() -> {
            throw new AssertionError("a router must not draw random numbers");
        });
        List<String> ids = new ArrayList<>();
        int size = router.members().size();
        for (int index; (index = router.next(key, cursor)) >= 0; ) {
            assertThat(ids)
                    .as("candidates of key %s, at most as many as members", key)
                    .hasSizeLessThan(size);
            assertThat(cursor.visited(index))
                    .as("a router must visit candidate %s before it returns it", index)
                    .isTrue();
            ids.add(router.members().get(index).id());
        }
        assertThat(cursor.taken()).as("number of visited candidates").isEqualTo(ids.size());
        assertThat(router.next(key, cursor)).as("next candidate after the last").isEqualTo(-1);
        return ids;
    }

    /** Fails unless both routers have the same members, shares, owners and candidates. */
    static void assertSame(HashRouter actual, HashRouter expected, long[] keys) {
        assertThat(actual.name()).isEqualTo(expected.name());
        assertThat(actual.members()).isEqualTo(expected.members());
        for (int i = 0; i < expected.members().size(); i++) {
            assertThat(actual.share(i)).isEqualTo(expected.share(i));
        }
        assertThat(actual.movesTo(expected)).as("moves").isEmpty();
        for (long key : keys) {
            assertThat(actual.owner(key)).as("owner of %s", key).isEqualTo(expected.owner(key));
            assertThat(candidates(actual, key)).as("candidates of %s", key).isEqualTo(candidates(expected, key));
        }
    }

    /** Returns a checksum over the first two candidates of this number of keys. */
    static long checksum(HashRouter router, SampleKeys keys, int count) {
        Cursor cursor = new Cursor(() -> 0);
        long sum = 0;
        for (int i = 0; i < count; i++) {
            long key = keys.next();
            cursor.restartForNewKey();
            sum = sum * 1_000_003 + router.next(key, cursor);
            sum = sum * 1_000_003 + router.next(key, cursor);
        }
        return sum;
    }
}
