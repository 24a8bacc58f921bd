package io.github.lbkit.examples.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The plan of a load. Immutable.
 *
 * @param address the resolved address to connect to
 * @param path the path of the requests
 * @param requests the number of requests, 1 or more
 * @param connections the number of connections, 1 to 50,000; at most as many as requests are used
 * @param pace the times at which requests begin
 * @param timeout the maximum time from sending a request to its answer
 * @param limit the maximum time of the whole run; requests that are not sent by then are never sent
 * @param seed the seed of the request ids; equal seeds give equal keys
 */
public record LoadPlan(
        InetSocketAddress address,
        String path,
        long requests,
        int connections,
        Pace pace,
        Duration timeout,
        Duration limit,
        long seed) {
    /** The default time from sending a request to its answer. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Checks the ranges. */
    public LoadPlan {
        if (requests < 1 || connections < 1 || connections > 50_000) {
            throw new IllegalArgumentException("requests " + requests + " and connections " + connections
                    + " are not allowed; allowed: 1 or more, and 1 to 50000");
        }
        if (timeout.isNegative() || timeout.isZero() || limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException(
                    "timeout " + timeout + " and limit " + limit + " are not allowed; allowed: above 0");
        }
        if (!path.matches("/[!-~]*")) {
            throw new IllegalArgumentException("path '" + path + "' is not allowed; allowed: a path such as /home");
        }
    }

    /** Returns a closed loop: each connection sends its next request after the end of the one before. */
    public static LoadPlan closedLoop(
            InetSocketAddress address, String path, long requests, int connections, long seed) {
        return new LoadPlan(
                address, path, requests, connections, new Pace.ClosedLoop(), TIMEOUT, Duration.ofMinutes(5), seed);
    }

    /** Returns an open loop with a constant rate, in requests per second. */
    public static LoadPlan constantRate(
            InetSocketAddress address, String path, long requests, int connections, double perSecond, long seed) {
        return new LoadPlan(
                address,
                path,
                requests,
                connections,
                new Pace.ConstantRate(perSecond),
                TIMEOUT,
                Duration.ofMinutes(5).plusNanos((long) (requests / perSecond * 1e9)),
                seed);
    }

    /** Returns this plan with another limit of the whole run. */
    public LoadPlan within(Duration value) {
        return new LoadPlan(address, path, requests, connections, pace, timeout, value, seed);
    }
}
