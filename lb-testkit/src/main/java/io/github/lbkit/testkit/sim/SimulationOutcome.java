package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.DrainResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** The result of one run of a simulation. Immutable. */
public final class SimulationOutcome {
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

    SimulationOutcome(
            Scenario scenario,
            BalancerSetup setup,
            RunMetrics metrics,
            List<ServerOutcome> servers,
            OptionalDouble movedKeys) {
        this.scenario = scenario.name();
        this.setup = setup.name();
        this.requests = metrics.requests();
        this.attempts = metrics.attempts();
        this.ejections = metrics.ejections();
        this.drained = metrics.drained();
        this.failures = metrics.failures();
        this.latencies = metrics.sortedLatencies();
        this.servers = List.copyOf(servers);
        this.movedKeys = movedKeys;
        this.watched = scenario.watched();
    }

    /** The name of the scenario. */
    public String scenario() {
        return scenario;
    }

    /** The name of the balancer setup. */
    public String setup() {
        return setup;
    }

    /** The number of requests. */
    public long requests() {
        return requests;
    }

    /** The number of requests that succeeded. */
    public long succeeded() {
        return latencies.length;
    }

    /** The number of requests that failed. */
    public long failed() {
        return requests - succeeded();
    }

    /** The share of requests that succeeded, 0 to 1; 1 if there were none. */
    public double successShare() {
        return requests == 0 ? 1 : (double) succeeded() / requests;
    }

    /**
     * The number of failed requests by reason: the {@link io.github.lbkit.api.Failure} of the last attempt;
     * {@code DEADLINE} after the request timeout; or, without an attempt, the reason of
     * {@link io.github.lbkit.api.NoServer}.
     */
    public Map<String, Long> failures() {
        return failures;
    }

    /**
     * Returns a percentile of the latency of successful requests, from arrival to response (nearest rank); empty if no
     * request succeeded.
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

    /** The number of attempts. */
    public long attempts() {
        return attempts;
    }

    /** The mean number of attempts per request; 0 if there were no requests. */
    public double attemptsPerRequest() {
        return requests == 0 ? 0 : (double) attempts / requests;
    }

    /** Returns the share of one server in the attempts on {@link #servers}, 0 to 1. */
    public double attemptShare(String id) {
        double all = servers.stream().mapToLong(ServerOutcome::attempts).sum();
        double own = servers.stream()
                .filter(server -> server.id().equals(id))
                .mapToLong(ServerOutcome::attempts)
                .sum();
        return all == 0 ? 0 : own / all;
    }

    /** The number of ejections. */
    public long ejections() {
        return ejections;
    }

    /** The sum of the results of all drains: attempts that finished, and attempts that were cut. */
    public DrainResult drained() {
        return drained;
    }

    /**
     * The members at the time of the last request, by id, with their loads since
     * {@link Scenario.Builder#measureLoadsFrom}.
     */
    public List<ServerOutcome> servers() {
        return servers;
    }

    /** The maximum number of attempts of a server divided by the mean; 0 if there were no attempts. */
    public double maxOverMeanAttempts() {
        return maxOverMean(ServerOutcome::attempts);
    }

    /**
     * The maximum mean number of in-flight attempts of a server divided by the mean of all servers; 0 if there were
     * none.
     */
    public double maxOverMeanInFlight() {
        return maxOverMean(ServerOutcome::meanInFlight);
    }

    /**
     * The sum over all membership changes of the share of keys that got another owner; empty if the policy does not
     * route by key.
     */
    public OptionalDouble movedKeys() {
        return movedKeys;
    }

    /** The server whose share reports show, if the scenario names one. */
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
