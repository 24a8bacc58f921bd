package io.github.lbkit.api.pool;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.internal.SplitMix;
import io.github.lbkit.api.pool.spi.PoolContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A pool that shows a part of the servers of another pool: those with certain labels, or a fixed number for each
 * client, so that not every client connects to every server. A server that is no longer chosen drains for up to 30
 * seconds. Drains of the other pool are passed on. Closing this pool leaves the other pool open. Thread-safe.
 *
 * <pre>{@code
 * SubsetPool zoneA = SubsetPool.labelled(context, all, Map.of("zone", "a"));
 * SubsetPool some = SubsetPool.ofClient(context, all, hostName, 20);
 * }</pre>
 *
 * <p><b>A client's subset</b> is the servers with the highest scores of rendezvous hashing, score = hash(client, id):
 * a pure function of the client and the ids. A server that joins or leaves changes one place in each subset that it
 * belongs to. Clients need no numbers, and a client that comes or goes changes nothing for the others. In return, the
 * number of clients of a server varies by chance. With C clients of size k over N servers, a server has C·k/N clients
 * on average, with a standard deviation of about the square root of that. So it is <b>good for</b> C·k/N of 30 and
 * more, or with a load-aware policy. Google's deterministic subsetting (Site Reliability Engineering, chapter 20) is
 * even to within one client. But its clients need consecutive numbers, and most subsets change with the number of
 * servers: connections break and caches are cold exactly when a pool scales.
 *
 * <p>Over a {@link ManagedServerPool} this pool is one, too: its servers can be removed and replaced. Adding and
 * resizing are refused, because a new server need not belong to the subset.
 *
 * <p>Draining servers and servers of weight 0 are in no client's subset. Whether a server is ready does not matter, so
 * that failures move no client. Choose k large enough for a subset to survive failures.
 */
public sealed class SubsetPool extends DerivedPool permits ManagedSubsetPool {
    private final Function<Membership, List<Server>> choice;

    SubsetPool(PoolContext context, ServerPool pool, Function<Membership, List<Server>> choice) {
        super(context, List.of(pool));
        this.choice = choice;
    }

    /** Returns a pool of the servers that have all of these labels. */
    public static SubsetPool labelled(PoolContext context, ServerPool pool, Map<String, String> labels) {
        Map<String, String> wanted = Map.copyOf(labels);
        return begun(
                context,
                pool,
                membership -> membership.servers().stream()
                        .filter(server -> server.labels().entrySet().containsAll(wanted.entrySet()))
                        .toList());
    }

    /**
     * Returns a pool of this many servers, always the same ones for the same client; all servers if there are not
     * more.
     *
     * @param client a name that is unique among the clients, such as a host name
     * @param size the number of servers, 1 or more
     */
    public static SubsetPool ofClient(PoolContext context, ServerPool pool, String client, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("subset size " + size + " is not 1 or more");
        }
        long seed = hash(0, client);
        return begun(context, pool, membership -> chosen(membership, seed, size));
    }

    private static SubsetPool begun(PoolContext context, ServerPool pool, Function<Membership, List<Server>> choice) {
        SubsetPool subset = pool instanceof ManagedServerPool managed
                ? new ManagedSubsetPool(context, managed, choice)
                : new SubsetPool(context, pool, choice);
        subset.begin();
        return subset;
    }

    private static List<Server> chosen(Membership membership, long client, int size) {
        List<Server> candidates = new ArrayList<>();
        List<Server> draining = new ArrayList<>();
        for (Server server : membership.servers()) {
            boolean drains = server.state() == Server.State.DRAINING;
            if (drains || server.weight() > 0) {
                (drains ? draining : candidates).add(server);
            }
        }
        Map<String, Long> scores = new TreeMap<>();
        candidates.forEach(server -> scores.put(server.id(), hash(client, server.id())));
        Comparator<Server> byScore = Comparator.comparing(server -> scores.getOrDefault(server.id(), 0L));
        candidates.sort(byScore.reversed().thenComparing(Server::id));
        List<Server> chosen = new ArrayList<>(candidates.subList(0, Math.min(size, candidates.size())));
        chosen.addAll(draining); // get no new requests; shown so that attempts in flight can finish
        return chosen;
    }

    private static long hash(long seed, String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = SplitMix.mix(hash ^ text.charAt(i));
        }
        return SplitMix.mix(hash ^ text.length());
    }

    @Override
    void update() {
        Membership membership = pools.get(0).membership();
        if (membership.isKnown()) {
            draining.show(choice.apply(membership), shown -> isReady(0, shown));
        }
    }

    @Override
    int shown() {
        return 0;
    }

    @Override
    String prefix(int pool) {
        return "";
    }
}
