package io.github.lbkit.api.pool;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Some of another pool's servers: those with certain labels, or so many for each client that not every client talks to
 * every server. A server that is not chosen any more drains for up to 30 seconds. What the other pool drains, is drained
 * through this one. Closing it leaves the other pool open. Thread-safe.
 *
 * <p><b>A client's subset</b> is the servers with the highest scores of rendezvous hashing, score = hash(client, id): a pure
 * function of client and ids. A server that joins or leaves changes one place in the subsets it belongs to and no other
 * place, clients need no numbers, and clients that come and go change nothing for the others. The price: servers get clients
 * by chance. With C clients of size k over N servers, a server has C·k/N clients on average, with a standard deviation of
 * about the square root of that; so <b>good for</b> C·k/N of 30 and more, or with a load-aware policy. Google's deterministic
 * subsetting (Site Reliability Engineering, chapter 20) is even to within one client, but clients need consecutive numbers,
 * and most subsets change when the number of servers does: connections break and caches grow cold exactly when a pool
 * scales.
 *
 * <p>Over a {@link ManagedServerPool} it is one, too: its servers can be removed and replaced through it. Adding and resizing
 * are refused, since what joins need not belong to the subset.
 *
 * <p>Servers of weight 0 and draining ones are in no client's subset; whether a server is ready does not matter, so that
 * failures move no client. Choose k large enough that a subset survives them.
 */
public sealed class SubsetPool extends DerivedPool permits ManagedSubsetPool {
    private final Function<Membership, List<Server>> choice;

    SubsetPool(PoolContext context, ServerPool pool, Function<Membership, List<Server>> choice) {
        super(context, List.of(pool));
        this.choice = choice;
    }

    /** The servers of this pool that have all of these labels. */
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
     * This many of the pool's servers, the same ones for the same client; all of them if there are not more.
     *
     * @param client what tells this client from others: a host's name, for example
     * @param size how many servers, 1 or more
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
        chosen.addAll(draining); // nobody is sent there, and whoever still has attempts there sees it drain
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
            showcase.show(choice.apply(membership), shown -> isReady(0, shown));
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
