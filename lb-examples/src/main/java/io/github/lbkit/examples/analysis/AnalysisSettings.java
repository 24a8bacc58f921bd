package io.github.lbkit.examples.analysis;

import java.util.List;
import java.util.Optional;

/**
 * What to analyze, and how hard. Immutable.
 *
 * @param requests of each load, 1 or more; the load with the kill has four times as many
 * @param connections how many requests at the same time, 1 or more
 * @param perSecond the rate of the load with the kill, above 0
 * @param seed of the requests' keys
 * @param pool where servers come from, as {@code serve} takes it
 * @param serveOptions further options of {@code serve}
 * @param url of a balancer that runs already, instead of own ones
 * @param mayChange whether servers of that balancer may be added and removed
 * @param token of that balancer, if it asks for one
 * @param killCommand how to kill a server; by default what suits the pool
 */
record AnalysisSettings(
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
    /** What is asked for. */
    static final String PATH = "/home";

    /** How many times the requests of the other loads the one with the kill has. */
    static final int KILL_FACTOR = 4;

    AnalysisSettings {
        serveOptions = List.copyOf(serveOptions);
        require(requests >= 1 && requests <= 10_000_000, "--requests", requests, "1 to 10000000");
        require(connections >= 1 && connections <= 10_000, "--connections", connections, "1 to 10000");
        require(perSecond > 0 && perSecond <= 100_000, "--rate", perSecond, "above 0, up to 100000");
        if (token.isPresent() && url.isEmpty()) {
            throw new IllegalArgumentException(
                    "--admin-token-file is the token of a balancer that runs already: give its --url too");
        }
        if (mayChange && url.isEmpty()) {
            throw new IllegalArgumentException(
                    "--allow-changes is for a balancer that runs already: give its --url too");
        }
    }

    private static void require(boolean allowed, String option, Object value, String range) {
        if (!allowed) {
            throw new IllegalArgumentException(option + " '" + value + "' is not allowed; allowed: " + range);
        }
    }

    /** How servers of the pool are killed; empty if nobody knows. */
    Optional<Kill> kill() {
        if (killCommand.isPresent()) {
            return Optional.of(new CommandKill(killCommand.get()));
        }
        if (url.isPresent()) {
            return Optional.empty();
        }
        if (pool.equals("process")) {
            return Optional.of(new ProcessKill());
        }
        return pool.equals("docker") || pool.startsWith("docker:")
                ? Optional.of(new ContainerKill("docker"))
                : Optional.empty();
    }
}
