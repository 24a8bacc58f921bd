package io.github.lbkit.examples.serve;

import io.github.lbkit.http.Timeouts;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What {@code serve} is told about time: how long it waits for clients, for servers, and at the end. */
final class TimeoutSettings {
    private static final int MAX_BODY_RATE = 1 << 30;

    @Option(
            names = "--connect-timeout",
            paramLabel = "MS",
            defaultValue = "1000",
            description = "milliseconds for a connection to a server (default: ${DEFAULT-VALUE})")
    long connectMillis = 1_000;

    @Option(
            names = "--request-head-timeout",
            paramLabel = "MS",
            defaultValue = "10000",
            description = "milliseconds for the head of a request, from its first byte (default: ${DEFAULT-VALUE})")
    long requestHeadMillis = 10_000;

    @Option(
            names = "--request-body-timeout",
            paramLabel = "MS",
            defaultValue = "30000",
            description =
                    "milliseconds that a client is waited for within the body of a request; each byte gives back what"
                            + " it may take at --request-body-rate (default: ${DEFAULT-VALUE})")
    long requestBodyMillis = 30_000;

    @Option(
            names = "--request-body-rate",
            paramLabel = "BYTES",
            defaultValue = "240",
            description =
                    "bytes a second that the body of a request must come at, at least (default: ${DEFAULT-VALUE})")
    int requestBodyRate = 240;

    @Option(
            names = "--silence-timeout",
            paramLabel = "MS",
            defaultValue = "30000",
            description = "milliseconds that a server may be silent within the body of a response (default:"
                    + " ${DEFAULT-VALUE})")
    long silenceMillis = 30_000;

    @Option(
            names = "--event-stream-timeout",
            paramLabel = "MS",
            description =
                    "milliseconds that a server may be silent within a body of text/event-stream (default: no limit)")
    Optional<Long> eventStreamMillis = Optional.empty();

    @Option(
            names = "--write-timeout",
            paramLabel = "MS",
            defaultValue = "30000",
            description = "milliseconds in which a client or a server must take a byte of what is sent to it (default:"
                    + " ${DEFAULT-VALUE})")
    long writeMillis = 30_000;

    @Option(
            names = "--server-idle-timeout",
            paramLabel = "MS",
            defaultValue = "30000",
            description = "milliseconds that an unused connection to a server is kept (default: ${DEFAULT-VALUE})")
    long serverIdleMillis = 30_000;

    @Option(
            names = "--response-timeout",
            paramLabel = "MS",
            defaultValue = "30000",
            description = "milliseconds for the head of a response, from the end of the request (default:"
                    + " ${DEFAULT-VALUE})")
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
            description =
                    "milliseconds for requests in flight when a server leaves; whole seconds where the pool is a URI"
                            + " (default: 30000, or what the pool's URI says)")
    Optional<Long> drainMillis = Optional.empty();

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
        if (requestBodyRate < 1 || requestBodyRate > MAX_BODY_RATE) {
            throw new SettingException(
                    "--request-body-rate", String.valueOf(requestBodyRate), "bytes a second, 1 to " + MAX_BODY_RATE);
        }
        Timeouts.Builder timeouts = Timeouts.builder()
                .connect(ServeSettings.millis("--connect-timeout", connectMillis))
                .requestHead(ServeSettings.millis("--request-head-timeout", requestHeadMillis))
                .requestBody(ServeSettings.millis("--request-body-timeout", requestBodyMillis))
                .requestBodyRate(requestBodyRate)
                .clientIdle(ServeSettings.millis("--idle-timeout", idleMillis))
                .responseHead(ServeSettings.millis("--response-timeout", responseMillis))
                .responseSilence(ServeSettings.millis("--silence-timeout", silenceMillis))
                .writeStall(ServeSettings.millis("--write-timeout", writeMillis))
                .serverIdle(ServeSettings.millis("--server-idle-timeout", serverIdleMillis));
        eventStreamMillis.ifPresent(
                value -> timeouts.eventStreamSilence(ServeSettings.millis("--event-stream-timeout", value)));
        requestMillis.ifPresent(value -> timeouts.request(ServeSettings.millis("--request-timeout", value)));
        return timeouts.build();
    }

    Duration drain() {
        return ServeSettings.millis("--drain-timeout", drainMillis.orElse(30_000L));
    }

    /** Returns the time as a pool's URI takes it, if it was set. */
    Optional<String> drainSeconds() {
        return drainMillis.map(millis -> {
            if (millis % 1_000 != 0) {
                throw new SettingException(
                        "--drain-timeout", millis.toString(), "whole seconds beside a pool's URI: a multiple of 1000");
            }
            return String.valueOf(drain().toSeconds());
        });
    }

    Duration stop() {
        return ServeSettings.millis("--stop-timeout", stopMillis);
    }
}
