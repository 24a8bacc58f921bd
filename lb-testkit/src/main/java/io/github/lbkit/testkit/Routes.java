package io.github.lbkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lbkit.api.Cursor;
import io.github.lbkit.api.HashRouter;
import java.util.ArrayList;
import java.util.List;

/** What routers answer, by ids; indexes differ between routers of different members. */
final class Routes {
    private Routes() {}

    /** The owner's id; empty if there is none. */
    static String owner(HashRouter router, long key) {
        int owner = router.owner(key);
        return owner < 0 ? "" : router.members().get(owner).id();
    }

    /** The ids of all candidates; fails if the walk does not end where it should, or draws at random. */
    static List<String> candidates(HashRouter router, long key) {
        Cursor cursor = new Cursor(() -> {
            throw new AssertionError("a router must not draw random numbers");
        });
        List<String> ids = new ArrayList<>();
        int size = router.members().size();
        for (int index; (index = router.next(key, cursor)) >= 0; ) {
            assertThat(ids).as("candidates of key %s", key).hasSizeLessThan(size);
            assertThat(cursor.visited(index)).as("visit of candidate %s", index).isTrue();
            ids.add(router.members().get(index).id());
        }
        assertThat(cursor.taken()).as("candidates visited").isEqualTo(ids.size());
        assertThat(router.next(key, cursor)).as("after the end").isEqualTo(-1);
        return ids;
    }

    /** Fails unless the two answer the same. */
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

    /** Folds the first two candidates of so many keys into one number. */
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
