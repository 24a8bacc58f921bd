package io.github.lbkit.examples.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * What load to make. Immutable.
 *
 * @param address where to connect, resolved
 * @param path what each request asks for
 * @param requests how many, 1 or more
 * @param connections how many at the same time, 1 to 50,000; no more than there are requests are used
 * @param pace when requests begin
 * @param patience how long an answer may take from sending
 * @param limit how long all of it may take: what was not sent by then never is
 * @param seed decides the requests' ids, so that the same plan asks by the same keys
 */
public record LoadPlan(
        InetSocketAddress address,
        String path,
        long requests,
        int connections,
        Pace pace,
        Duration patience,
        Duration limit,
        long seed) {
    /** How long an answer may take unless told. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Checks. */
    public LoadPlan {
        if (requests < 1 || connections < 1 || connections > 50_000) {
            throw new IllegalArgumentException("requests " + requests + " and connections " + connections
                    + " are not allowed; allowed: 1 or more, and 1 to 50000");
        }
        if (patience.isNegative() || patience.isZero() || limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException(
                    "patience " + patience + " and limit " + limit + " are not allowed; allowed: above 0");
        }
        if (!path.matches("/[!-~]*")) {
            throw new IllegalArgumentException("path '" + path + "' is not allowed; allowed: such as /home");
        }
    }

    /** As many requests on as many connections, each as soon as the one before was answered. */
    public static LoadPlan asAnswered(
            InetSocketAddress address, String path, long requests, int connections, long seed) {
        return new LoadPlan(
                address, path, requests, connections, new Pace.AsAnswered(), PATIENCE, Duration.ofMinutes(5), seed);
    }

    /** As many requests at this rate. */
    public static LoadPlan constant(
            InetSocketAddress address, String path, long requests, int connections, double perSecond, long seed) {
        return new LoadPlan(
                address,
                path,
                requests,
                connections,
                new Pace.Constant(perSecond),
                PATIENCE,
                Duration.ofMinutes(5).plusNanos((long) (requests / perSecond * 1e9)),
                seed);
    }

    /** The same for no longer than this: what was not sent by then never is. */
    public LoadPlan within(Duration value) {
        return new LoadPlan(address, path, requests, connections, pace, patience, value, seed);
    }
}
