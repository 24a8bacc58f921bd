package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.api.WaitQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The settings of {@code serve} for overload: caps, bounded load, the queue, and retries by status. */
public final class OverloadSettings {
    @Option(
            names = "--max-in-flight",
            paramLabel = "N",
            description = "the maximum number of requests in flight to one server (default: no limit)")
    private Optional<Integer> maxInFlight = Optional.empty();

    @Option(
            names = "--max-in-flight-pool",
            paramLabel = "N",
            description = "the maximum number of requests in flight to all servers together (default: no limit)")
    private Optional<Integer> maxInFlightPool = Optional.empty();

    @Option(
            names = "--load-factor",
            paramLabel = "C",
            description = "bounded load: the maximum load of a server, as a multiple of its fair share of the"
                    + " requests in flight, 1 to 100 (default: no bound)")
    private Optional<Double> loadFactor = Optional.empty();

    @Option(
            names = "--queue",
            paramLabel = "N",
            description =
                    "the maximum number of requests that wait while every server is at its cap (default: none; such"
                            + " requests get 503 at once)")
    private Optional<Integer> queue = Optional.empty();

    @Option(
            names = "--queue-timeout",
            paramLabel = "MS",
            defaultValue = "1000",
            description =
                    "the maximum time in milliseconds that a request waits for a server (default: ${DEFAULT-VALUE})")
    private long queueMillis = 1_000;

    @Option(
            names = "--retry-statuses",
            paramLabel = "STATUS",
            split = ",",
            description = "the response statuses after which an idempotent request is retried on another server,"
                    + " such as 502,503 (default: none)")
    private List<Integer> retryStatuses = new ArrayList<>();

    OverloadSettings() {}

    /** Refuses values that are not allowed. */
    void check() {
        maxInFlightPerServer();
        maxInFlightOfPool();
        loadFactor();
        waiting();
        retryStatuses();
    }

    /** The maximum number of requests in flight to one server. */
    public Optional<Integer> maxInFlightPerServer() {
        return maxInFlight.map(value -> OptionChecks.atLeastOne("--max-in-flight", value));
    }

    /** The maximum number of requests in flight to all servers together. */
    public Optional<Integer> maxInFlightOfPool() {
        return maxInFlightPool.map(value -> OptionChecks.atLeastOne("--max-in-flight-pool", value));
    }

    /** The load factor of bounded load, 1 to 100. */
    public Optional<Double> loadFactor() {
        loadFactor.filter(c -> !(c >= 1 && c <= 100)).ifPresent(c -> {
            throw new SettingException("--load-factor", String.valueOf(c), "1 to 100");
        });
        return loadFactor;
    }

    /** Returns the queue, if there is one; refuses a queue without a cap, in which no request would ever wait. */
    public Optional<WaitQueue.Settings> waiting() {
        Duration longest = OptionChecks.millis("--queue-timeout", queueMillis);
        if (queue.isPresent() && maxInFlight.isEmpty() && maxInFlightPool.isEmpty()) {
            throw new SettingException(
                    "--queue",
                    String.valueOf(queue.get()),
                    "only with --max-in-flight or --max-in-flight-pool: without a cap no request would wait");
        }
        return queue.map(n -> new WaitQueue.Settings(OptionChecks.atLeastOne("--queue", n), longest, false));
    }

    /** The response statuses after which an idempotent request is retried. */
    public Set<Integer> retryStatuses() {
        for (int status : retryStatuses) {
            if (status < 400 || status > 999) {
                throw new SettingException("--retry-statuses", String.valueOf(status), "statuses from 400 to 999");
            }
        }
        return Set.copyOf(retryStatuses);
    }
}
