package io.github.lbkit.bench.hashing;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.openjdk.jol.info.GraphLayout;

/** What is not a matter of time: how even a router is, how many keys a change moves, how much memory it takes. */
final class Shape {
    private static final int KEYS = 4_000_000;
    private static final int NAME_SETS = 9;

    /** Who can take a server in only behind the last. */
    private static final Set<Contender> NUMBERED =
            Set.of(Contender.JUMP, Contender.GUAVA, Contender.JUMP_BACK, Contender.JUMP_BACK_ANCHOR);

    private Shape() {}

    /**
     * The greatest share ÷ the mean: exact shares of our routers, those of so many keys of others. Of sets of names the
     * median.
     */
    static double peak(Contender contender, int servers) {
        if (!contender.isOurs()) {
            return peak(contender.of(Fleet.names(servers), servers), servers);
        }
        double[] peaks = IntStream.range(0, NAME_SETS)
                .mapToDouble(set -> peak(contender.router(
                        Contender.members(Fleet.names(servers).stream()
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
            counts[lookup.owner(Fleet.keyHash(i))]++;
        }
        return IntStream.of(counts).max().orElse(0) * (double) servers / KEYS;
    }

    /** Moved keys ÷ those that must move when one server of these, in the middle, leaves. */
    static double movedByLeaving(Contender contender, int servers) {
        List<String> names = Fleet.names(servers);
        int gone = servers / 2;
        return moved(contender.of(names, servers), contender.without(names, servers, List.of(gone)), gone);
    }

    /**
     * Moved keys ÷ those that must move when one server joins these, in the middle; where it must be the last, there.
     */
    static double movedByJoining(Contender contender, int servers) {
        List<String> names = Fleet.names(servers);
        List<String> more = new ArrayList<>(names);
        boolean numbered = NUMBERED.contains(contender);
        int joined = numbered ? servers : servers / 2;
        more.add(joined, numbered ? "server-x" : names.get(joined - 1) + "a");
        Lookup before = contender.of(names, servers);
        return moved(
                contender.of(more, servers),
                hash -> {
                    int owner = before.owner(hash);
                    return owner < joined ? owner : owner + 1;
                },
                joined);
    }

    /** Keys on which two look-ups differ ÷ those that the first gives to one server, which the second does not have. */
    private static double moved(Lookup with, Lookup without, int server) {
        long must = 0;
        long moved = 0;
        for (int i = 0; i < KEYS; i++) {
            long hash = Fleet.keyHash(i);
            int owner = with.owner(hash);
            must += owner == server ? 1 : 0;
            moved += owner == without.owner(hash) ? 0 : 1;
        }
        return (double) moved / must;
    }

    /** Bytes that a router holds for each server, without the list of servers itself. */
    static double bytesPerServer(Contender contender, int servers) {
        List<Member> members = List.copyOf(Contender.members(Fleet.names(servers)));
        Object router =
                contender.isOurs() ? contender.router(members, servers) : contender.of(Fleet.names(servers), servers);
        long all = GraphLayout.parseInstance(router).totalSize();
        return Math.max(0, all - GraphLayout.parseInstance(members).totalSize()) / (double) servers;
    }
}
