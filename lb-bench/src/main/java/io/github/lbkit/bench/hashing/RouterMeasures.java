package io.github.lbkit.bench.hashing;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.openjdk.jol.info.GraphLayout;

/** Measurements that are not times: the peak load of a router, the keys that a change moves, and its memory. */
final class RouterMeasures {
    private static final int KEYS = 4_000_000;
    private static final int NAME_SETS = 9;

    /** The algorithms in which a server can join only after the last one. */
    private static final Set<Algorithm> NUMBERED =
            Set.of(Algorithm.JUMP, Algorithm.GUAVA, Algorithm.JUMP_BACK, Algorithm.JUMP_BACK_ANCHOR);

    private RouterMeasures() {}

    /**
     * Returns the greatest share divided by the mean: from exact shares for routers of lbkit, from a sample of keys for
     * other algorithms. The result is the median over several sets of names.
     */
    static double peak(Algorithm algorithm, int servers) {
        if (!algorithm.isLbkit()) {
            return peak(algorithm.of(Workload.names(servers), servers), servers);
        }
        double[] peaks = IntStream.range(0, NAME_SETS)
                .mapToDouble(set -> peak(algorithm.router(
                        Algorithm.members(Workload.names(servers).stream()
                                .map(name -> name + "." + set)
                                .toList()),
                        servers)))
                .sorted()
                .toArray();
        return peaks[NAME_SETS / 2];
    }

    private static double peak(HashRouter router) {
        int servers = router.members().size();
        return IntStream.range(0, servers).mapToDouble(router::share).max().orElse(0) * servers;
    }

    private static double peak(Lookup lookup, int servers) {
        int[] counts = new int[servers];
        for (int i = 0; i < KEYS; i++) {
            counts[lookup.owner(Workload.keyHash(i))]++;
        }
        return IntStream.of(counts).max().orElse(0) * (double) servers / KEYS;
    }

    /** Returns the moved keys ÷ the keys that must move when a server in the middle leaves. */
    static double movedByLeaving(Algorithm algorithm, int servers) {
        List<String> names = Workload.names(servers);
        int removed = servers / 2;
        return moved(algorithm.of(names, servers), algorithm.without(names, servers, List.of(removed)), removed);
    }

    /**
     * Returns the moved keys ÷ the keys that must move when a server joins in the middle, or as the last one where the
     * algorithm allows nothing else.
     */
    static double movedByJoining(Algorithm algorithm, int servers) {
        List<String> names = Workload.names(servers);
        List<String> more = new ArrayList<>(names);
        boolean numbered = NUMBERED.contains(algorithm);
        int joined = numbered ? servers : servers / 2;
        more.add(joined, numbered ? "server-x" : names.get(joined - 1) + "a");
        Lookup before = algorithm.of(names, servers);
        return moved(
                algorithm.of(more, servers),
                hash -> {
                    int owner = before.owner(hash);
                    return owner < joined ? owner : owner + 1;
                },
                joined);
    }

    /** Returns the keys with different owners ÷ the keys of a server that only the first look-up has. */
    private static double moved(Lookup with, Lookup without, int server) {
        long must = 0;
        long moved = 0;
        for (int i = 0; i < KEYS; i++) {
            long hash = Workload.keyHash(i);
            int owner = with.owner(hash);
            must += owner == server ? 1 : 0;
            moved += owner == without.owner(hash) ? 0 : 1;
        }
        return (double) moved / must;
    }

    /** Returns the memory of a router in bytes for each server, without the list of servers. */
    static double bytesPerServer(Algorithm algorithm, int servers) {
        List<Member> members = List.copyOf(Algorithm.members(Workload.names(servers)));
        Object router = algorithm.isLbkit()
                ? algorithm.router(members, servers)
                : algorithm.of(Workload.names(servers), servers);
        long all = GraphLayout.parseInstance(router).totalSize();
        return Math.max(0, all - GraphLayout.parseInstance(members).totalSize()) / (double) servers;
    }
}
