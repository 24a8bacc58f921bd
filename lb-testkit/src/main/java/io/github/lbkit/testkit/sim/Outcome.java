package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.DrainResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What came of one run of a simulation. Immutable. */
public final class Outcome {
    private final String scenario;
    private final String setup;
    private final long requests;
    private final long attempts;
    private final long ejections;
    private final DrainResult drained;
    private final Map<String, Long> failures;
    private final long[] latencies;
    private final List<ServerOutcome> servers;
    private final OptionalDouble movedKeys;
    private final Optional<String> watched;

    Outcome(
            Scenario scenario,
            BalancerSetup setup,
            Tally tally,
            List<ServerOutcome> servers,
            OptionalDouble movedKeys) {
        this.scenario = scenario.name();
        this.setup = setup.name();
        this.requests = tally.requests();
        this.attempts = tally.attempts();
        this.ejections = tally.ejections();
        this.drained = tally.drained();
        this.failures = tally.failures();
        this.latencies = tally.sortedLatencies();
        this.servers = List.copyOf(servers);
        this.movedKeys = movedKeys;
        this.watched = scenario.watched();
    }

    /** The scenario's name. */
    public String scenario() {
        return scenario;
    }

    /** The name of the balancer's setup. */
    public String setup() {
        return setup;
    }

    /** How many requests came. */
    public long requests() {
        return requests;
    }

    /** How many of them succeeded. */
    public long succeeded() {
        return latencies.length;
    }

    /** How many of them failed. */
    public long failed() {
        return requests - succeeded();
    }

    /** The share of requests that succeeded, 0 to 1; 1 if none came. */
    public double successShare() {
        return requests == 0 ? 1 : (double) succeeded() / requests;
    }

    /**
     * How many requests failed, by why: the last attempt's {@link io.github.lbkit.api.Failure}; DEADLINE if the request
     * took too long; or, if there was no attempt, why the balancer had no server.
     */
    public Map<String, Long> failures() {
        return failures;
    }

    /**
     * The time from a request's coming to its answer that so many percent of those that succeeded did not exceed (nearest
     * rank); empty if none succeeded.
     *
     * @param percent 1 to 100
     */
    public Optional<Duration> latency(int percent) {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("percent " + percent + " is not 1 to 100");
        }
        if (latencies.length == 0) {
            return Optional.empty();
        }
        long rank = ((long) latencies.length * percent + 99) / 100;
        return Optional.of(Duration.ofNanos(latencies[(int) rank - 1]));
    }

    /** How many attempts the requests made. */
    public long attempts() {
        return attempts;
    }

    /** How many attempts a request made on average; 0 if none came. */
    public double attemptsPerRequest() {
        return requests == 0 ? 0 : (double) attempts / requests;
    }

    /** The share that this server had of the attempts on {@link #servers}, 0 to 1. */
    public double attemptShare(String id) {
        double all = servers.stream().mapToLong(ServerOutcome::attempts).sum();
        double own = servers.stream()
                .filter(server -> server.id().equals(id))
                .mapToLong(ServerOutcome::attempts)
                .sum();
        return all == 0 ? 0 : own / all;
    }

    /** How often a server was ejected. */
    public long ejections() {
        return ejections;
    }

    /** What became of the attempts that were in flight when their server began to drain, over all drains. */
    public DrainResult drained() {
        return drained;
    }

    /** Those that were members when the last request had come, by id; their loads since {@link Scenario.Builder#loadsFrom}. */
    public List<ServerOutcome> servers() {
        return servers;
    }

    /** The attempts of the server with the most, over the mean of all servers; 0 if there were none. */
    public double maxOverMeanAttempts() {
        return maxOverMean(ServerOutcome::attempts);
    }

    /** The mean in-flight attempts of the server with the most, over the mean of all servers; 0 if there were none. */
    public double maxOverMeanInFlight() {
        return maxOverMean(ServerOutcome::meanInFlight);
    }

    /**
     * The shares of the key space that got another owner, added up over all changes of the members; empty if the policy
     * does not route by key.
     */
    public OptionalDouble movedKeys() {
        return movedKeys;
    }

    /** The server that the scenario watches. */
    public Optional<String> watched() {
        return watched;
    }

    private double maxOverMean(ToDoubleFunction<ServerOutcome> load) {
        double sum = servers.stream().mapToDouble(load).sum();
        double max = servers.stream().mapToDouble(load).max().orElse(0);
        return sum == 0 ? 0 : max * servers.size() / sum;
    }

    @Override
    public String toString() {
        return scenario + " by " + setup + ": " + succeeded() + " of " + requests + " requests succeeded, failures "
                + failures + ", " + attempts + " attempts";
    }
}
