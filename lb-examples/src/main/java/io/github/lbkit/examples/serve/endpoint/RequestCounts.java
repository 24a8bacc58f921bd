package io.github.lbkit.examples.serve.endpoint;

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
 * Counts what every server was asked and how that ended, for as long as it is a member. A replaced instance counts on
 * where the one before it ended. Thread-safe; a request takes two look-ups and adds to striped counters.
 */
public final class RequestCounts implements LoadBalancerListener {
    private final Map<String, Counters> counters = new ConcurrentHashMap<>();

    /**
     * The counts of one server.
     *
     * @param requests attempts begun
     * @param successes those that ended well
     * @param failures those that failed; what is still in flight or was given up is neither
     */
    public record Count(long requests, long successes, long failures) {
        /** Nothing yet. */
        public static final Count NONE = new Count(0, 0, 0);
    }

    /** Added to by the proxy's loops, read by whoever draws. */
    private static final class Counters {
        final LongAdder requests = new LongAdder();
        final LongAdder successes = new LongAdder();
        final LongAdder failures = new LongAdder();
    }

    /** Begins at nothing. */
    public RequestCounts() {}

    /** What this server was asked until now. */
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
