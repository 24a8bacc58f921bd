package io.github.lbkit.examples.serve.endpoint.reserved;

import io.github.lbkit.api.Failure;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Counts the requests of each server and their outcomes, as long as the server is a member. A new instance continues
 * the counts of its server. Thread-safe; a request costs two look-ups and two additions to striped counters.
 */
public final class RequestCounts implements LoadBalancerListener {
    private final Map<String, Counters> counters = new ConcurrentHashMap<>();

    /**
     * The counts of one server.
     *
     * @param requests the number of attempts that began
     * @param successes the number of attempts that succeeded
     * @param failures the number of attempts that failed; attempts in flight and abandoned ones count as neither
     */
    public record Count(long requests, long successes, long failures) {
        /** The counts of a server without requests. */
        public static final Count NONE = new Count(0, 0, 0);
    }

    /** The counters of one server. Written by the event loops of the proxy, read by the thread that draws. */
    private static final class Counters {
        final LongAdder requests = new LongAdder();
        final LongAdder successes = new LongAdder();
        final LongAdder failures = new LongAdder();
    }

    /** Creates empty counts. */
    public RequestCounts() {}

    /** Returns the counts of a server so far. */
    public Count of(String id) {
        Counters found = counters.get(id);
        if (found == null) {
            return Count.NONE;
        }
        long successes = found.successes.sum();
        long failures = found.failures.sum();
        return new Count(Math.max(found.requests.sum(), successes + failures), successes, failures);
    }

    @Override
    public void attemptBegan(Server server) {
        Counters found = counters.get(server.id());
        if (found == null) {
            found = counters.computeIfAbsent(server.id(), id -> new Counters());
        }
        found.requests.increment();
    }

    @Override
    public void succeeded(Server server, Duration sinceBegin) {
        Counters found = counters.get(server.id());
        if (found != null) {
            found.successes.increment();
        }
    }

    @Override
    public void failed(Server server, Failure failure, Duration sinceBegin) {
        Counters found = counters.get(server.id());
        if (found != null) {
            found.failures.increment();
        }
    }

    @Override
    public void membershipChanged(Membership before, Membership after, boolean newTable) {
        counters.keySet().retainAll(after.servers().stream().map(Server::id).collect(Collectors.toSet()));
    }
}
