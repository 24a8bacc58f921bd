package io.github.lbkit.examples.serve.settings;

import io.github.lbkit.http.Timeouts;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The settings of {@code serve} for timeouts of clients, of servers, of drains and of the stop. */
public final class TimeoutSettings {
    private static final int MAX_BODY_RATE = 1 << 30;

    @Option(
            names = "--connect-timeout",
            paramLabel = "MS",
            defaultValue = "1000",
            description = "milliseconds to connect to a server (default: ${DEFAULT-VALUE})")
    private long connectMillis = 1_000;

    @Option(
            names = "--request-head-timeout",
            paramLabel = "MS",
            defaultValue = "10000",
            description =
                    "milliseconds to receive the head of a request, from its first byte (default: ${DEFAULT-VALUE})")
    private long requestHeadMillis = 10_000;

    @Option(
            names = "--request-body-timeout",
            paramLabel = "MS",
            defaultValue = "30000",
            description =
                    "milliseconds to wait for a client within the body of a request; each received byte extends the"
                            + " time"
                            + " according to --request-body-rate (default: ${DEFAULT-VALUE})")
    private long requestBodyMillis = 30_000;

    @Option(
            names = "--request-body-rate",
            paramLabel = "BYTES",
            defaultValue = "240",
            description = "the minimum rate of a request body in bytes per second (default: ${DEFAULT-VALUE})")
    private int requestBodyRate = 240;

    @Option(
            names = "--silence-timeout",
            paramLabel = "MS",
            defaultValue = "30000",
            description = "milliseconds without a byte from the server within the body of a response (default:"
                    + " ${DEFAULT-VALUE})")
    private long silenceMillis = 30_000;

    @Option(
            names = "--event-stream-timeout",
            paramLabel = "MS",
            description = "milliseconds without a byte from the server within a body of text/event-stream (default: no"
                    + " limit)")
    private Optional<Long> eventStreamMillis = Optional.empty();

    @Option(
            names = "--write-timeout",
            paramLabel = "MS",
            defaultValue = "30000",
            description =
                    "milliseconds within which a client or a server must accept a byte that is sent to it (default:"
                            + " ${DEFAULT-VALUE})")
    private long writeMillis = 30_000;

    @Option(
            names = "--server-idle-timeout",
            paramLabel = "MS",
            defaultValue = "30000",
            description = "milliseconds to keep an idle connection to a server (default: ${DEFAULT-VALUE})")
    private long serverIdleMillis = 30_000;

    @Option(
            names = "--response-timeout",
            paramLabel = "MS",
            defaultValue = "30000",
            description = "milliseconds to receive the head of a response, from the end of the request (default:"
                    + " ${DEFAULT-VALUE})")
    private long responseMillis = 30_000;

    @Option(
            names = "--request-timeout",
            paramLabel = "MS",
            description = "milliseconds for a whole request and its response (default: no limit)")
    private Optional<Long> requestMillis = Optional.empty();

    @Option(
            names = "--idle-timeout",
            paramLabel = "MS",
            defaultValue = "60000",
            description = "milliseconds to keep an idle client connection (default: ${DEFAULT-VALUE})")
    private long idleMillis = 60_000;

    @Option(
            names = "--tunnel-timeout",
            paramLabel = "MS",
            defaultValue = "3600000",
            description = "milliseconds without a byte in either direction of a tunnel, such as a WebSocket connection"
                    + " (default: ${DEFAULT-VALUE})")
    private long tunnelMillis = 3_600_000;

    @Option(
            names = "--drain-timeout",
            paramLabel = "MS",
            description =
                    "milliseconds for the requests in flight to a server that leaves; whole seconds if the pool is a"
                            + " URI"
                            + " (default: 30000, or the value in the URI of the pool)")
    private Optional<Long> drainMillis = Optional.empty();

    @Option(
            names = "--stop-timeout",
            paramLabel = "MS",
            defaultValue = "10000",
            description = "milliseconds for the requests in flight when the balancer stops (default: ${DEFAULT-VALUE})")
    private long stopMillis = 10_000;

    TimeoutSettings() {}

    /** Refuses values that are not allowed. */
    void check() {
        ofRequests();
        drain();
        stop();
    }

    /** The timeouts of requests. */
    public Timeouts ofRequests() {
        if (requestBodyRate < 1 || requestBodyRate > MAX_BODY_RATE) {
            throw new SettingException(
                    "--request-body-rate", String.valueOf(requestBodyRate), "bytes a second, 1 to " + MAX_BODY_RATE);
        }
        Timeouts.Builder timeouts = Timeouts.builder()
                .connect(OptionChecks.millis("--connect-timeout", connectMillis))
                .requestHead(OptionChecks.millis("--request-head-timeout", requestHeadMillis))
                .requestBody(OptionChecks.millis("--request-body-timeout", requestBodyMillis))
                .requestBodyRate(requestBodyRate)
                .clientIdle(OptionChecks.millis("--idle-timeout", idleMillis))
                .responseHead(OptionChecks.millis("--response-timeout", responseMillis))
                .responseSilence(OptionChecks.millis("--silence-timeout", silenceMillis))
                .writeStall(OptionChecks.millis("--write-timeout", writeMillis))
                .serverIdle(OptionChecks.millis("--server-idle-timeout", serverIdleMillis))
                .tunnel(OptionChecks.millis("--tunnel-timeout", tunnelMillis));
        eventStreamMillis.ifPresent(
                value -> timeouts.eventStreamSilence(OptionChecks.millis("--event-stream-timeout", value)));
        requestMillis.ifPresent(value -> timeouts.request(OptionChecks.millis("--request-timeout", value)));
        return timeouts.build();
    }

    /** The time for the requests in flight to a server that leaves. */
    public Duration drain() {
        return OptionChecks.millis("--drain-timeout", drainMillis.orElse(30_000L));
    }

    /** Returns the drain timeout in whole seconds for the URI of a pool, if it was set. */
    Optional<String> drainSeconds() {
        return drainMillis.map(millis -> {
            if (millis % 1_000 != 0) {
                throw new SettingException(
                        "--drain-timeout", millis.toString(), "whole seconds if the pool is a URI: a multiple of 1000");
            }
            return String.valueOf(drain().toSeconds());
        });
    }

    /** The time for the requests in flight when the balancer stops. */
    public Duration stop() {
        return OptionChecks.millis("--stop-timeout", stopMillis);
    }
}
