package io.github.lbkit.examples.serve;

import io.github.lbkit.api.WaitQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** What {@code serve} is told about too much load: how much servers take, who waits, and what is tried elsewhere. */
final class OverloadSettings {
    @Option(
            names = "--max-in-flight",
            paramLabel = "N",
            description = "how many requests a server may have in flight (default: no limit)")
    Optional<Integer> maxInFlight = Optional.empty();

    @Option(
            names = "--max-in-flight-pool",
            paramLabel = "N",
            description = "how many requests all servers together may have in flight (default: no limit)")
    Optional<Integer> maxInFlightPool = Optional.empty();

    @Option(
            names = "--load-factor",
            paramLabel = "C",
            description = "bounded load: no server carries more than C times its part of the requests in flight, 1 to"
                    + " 100 (default: no bound)")
    Optional<Double> loadFactor = Optional.empty();

    @Option(
            names = "--queue",
            paramLabel = "N",
            description =
                    "how many requests may wait while every server has as much in flight as it may (default: none,"
                            + " they get 503 at once)")
    Optional<Integer> queue = Optional.empty();

    @Option(
            names = "--queue-timeout",
            paramLabel = "MS",
            defaultValue = "1000",
            description = "milliseconds that a request may wait for a server (default: ${DEFAULT-VALUE})")
    long queueMillis = 1_000;

    @Option(
            names = "--retry-statuses",
            paramLabel = "STATUS",
            split = ",",
            description = "statuses after which an idempotent request is tried at another server, such as 502,503"
                    + " (default: none)")
    List<Integer> retryStatuses = new ArrayList<>();

    /** Refuses what is not allowed. */
    void check() {
        maxInFlightPerServer();
        maxInFlightOfPool();
        loadFactor();
        waiting();
        retryStatuses();
    }

    Optional<Integer> maxInFlightPerServer() {
        return maxInFlight.map(value -> ServeSettings.atLeastOne("--max-in-flight", value));
    }

    Optional<Integer> maxInFlightOfPool() {
        return maxInFlightPool.map(value -> ServeSettings.atLeastOne("--max-in-flight-pool", value));
    }

    Optional<Double> loadFactor() {
        loadFactor.filter(c -> !(c >= 1 && c <= 100)).ifPresent(c -> {
            throw new SettingException("--load-factor", String.valueOf(c), "1 to 100");
        });
        return loadFactor;
    }

    /** Who waits, if anybody does; refused where no server ever is at a cap. */
    Optional<WaitQueue.Settings> waiting() {
        Duration longest = ServeSettings.millis("--queue-timeout", queueMillis);
        if (queue.isPresent() && maxInFlight.isEmpty() && maxInFlightPool.isEmpty()) {
            throw new SettingException(
                    "--queue",
                    String.valueOf(queue.get()),
                    "only with --max-in-flight or --max-in-flight-pool: without them nobody would wait");
        }
        return queue.map(n -> new WaitQueue.Settings(ServeSettings.atLeastOne("--queue", n), longest, false));
    }

    Set<Integer> retryStatuses() {
        for (int status : retryStatuses) {
            if (status < 400 || status > 999) {
                throw new SettingException("--retry-statuses", String.valueOf(status), "statuses from 400 to 999");
            }
        }
        return Set.copyOf(retryStatuses);
    }
}
