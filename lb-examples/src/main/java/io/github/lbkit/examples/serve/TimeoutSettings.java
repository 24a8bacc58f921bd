package io.github.lbkit.examples.serve;

import io.github.lbkit.http.Timeouts;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What {@code serve} is told about time: how long it waits for clients, for servers, and at the end. */
final class TimeoutSettings {
    @Option(
            names = "--connect-timeout",
            paramLabel = "MS",
            defaultValue = "1000",
            description = "milliseconds for a connection to a server (default: ${DEFAULT-VALUE})")
    long connectMillis = 1_000;

    @Option(
            names = "--response-timeout",
            paramLabel = "MS",
            defaultValue = "30000",
            description = "milliseconds for the first byte of a response (default: ${DEFAULT-VALUE})")
    long responseMillis = 30_000;

    @Option(
            names = "--request-timeout",
            paramLabel = "MS",
            description = "milliseconds for a whole request (default: no limit)")
    Optional<Long> requestMillis = Optional.empty();

    @Option(
            names = "--idle-timeout",
            paramLabel = "MS",
            defaultValue = "60000",
            description = "milliseconds that an unused client connection is kept (default: ${DEFAULT-VALUE})")
    long idleMillis = 60_000;

    @Option(
            names = "--drain-timeout",
            paramLabel = "MS",
            defaultValue = "30000",
            description = "milliseconds for requests in flight when a server leaves (default: ${DEFAULT-VALUE})")
    long drainMillis = 30_000;

    @Option(
            names = "--stop-timeout",
            paramLabel = "MS",
            defaultValue = "10000",
            description = "milliseconds for requests in flight when the balancer stops (default: ${DEFAULT-VALUE})")
    long stopMillis = 10_000;

    /** Refuses what is not allowed. */
    void check() {
        ofRequests();
        drain();
        stop();
    }

    Timeouts ofRequests() {
        Timeouts defaults = Timeouts.DEFAULTS;
        return new Timeouts(
                ServeSettings.millis("--connect-timeout", connectMillis),
                defaults.head(),
                ServeSettings.millis("--idle-timeout", idleMillis),
                defaults.bodyProgress(),
                ServeSettings.millis("--response-timeout", responseMillis),
                requestMillis.map(value -> ServeSettings.millis("--request-timeout", value)),
                defaults.upstreamIdle());
    }

    Duration drain() {
        return ServeSettings.millis("--drain-timeout", drainMillis);
    }

    Duration stop() {
        return ServeSettings.millis("--stop-timeout", stopMillis);
    }
}
