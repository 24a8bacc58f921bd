package io.github.lbkit.examples.analysis.result;

import java.util.List;
import java.util.Optional;

/**
 * The settings of an analysis. Immutable.
 *
 * @param requests the number of requests of each load, 1 to 10,000,000; the load with the kill has four times as many
 * @param connections the number of concurrent requests, 1 to 10,000
 * @param perSecond the rate of the load with the kill in requests per second, above 0 and up to 100,000
 * @param seed the seed of the keys of requests
 * @param pool the pool, as {@code serve} accepts it
 * @param serveOptions further options of {@code serve}
 * @param url the URL of a running balancer; empty if the analysis starts balancers itself
 * @param mayChange whether the analysis may add and remove servers of the running balancer
 * @param token the token of the running balancer
 * @param killCommand the command that kills a server; empty for the default of the pool
 */
public record AnalysisSettings(
        long requests,
        int connections,
        double perSecond,
        long seed,
        String pool,
        List<String> serveOptions,
        Optional<String> url,
        boolean mayChange,
        Optional<String> token,
        Optional<String> killCommand) {
    /** The path of the requests. */
    public static final String PATH = "/home";

    /** The number of requests of the load with the kill, as a multiple of those of the other loads. */
    public static final int KILL_FACTOR = 4;

    /** Checks the ranges, and copies the list. */
    public AnalysisSettings {
        serveOptions = List.copyOf(serveOptions);
        require(requests >= 1 && requests <= 10_000_000, "--requests", requests, "1 to 10000000");
        require(connections >= 1 && connections <= 10_000, "--connections", connections, "1 to 10000");
        require(perSecond > 0 && perSecond <= 100_000, "--rate", perSecond, "above 0, up to 100000");
        if (token.isPresent() && url.isEmpty()) {
            throw new IllegalArgumentException(
                    "--admin-token-file holds the token of a running balancer: give its --url too");
        }
        if (mayChange && url.isEmpty()) {
            throw new IllegalArgumentException("--allow-changes is for a running balancer: give its --url too");
        }
    }

    private static void require(boolean allowed, String option, Object value, String range) {
        if (!allowed) {
            throw new IllegalArgumentException(option + " '" + value + "' is not allowed; allowed: " + range);
        }
    }
}
