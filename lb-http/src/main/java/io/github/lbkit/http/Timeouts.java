package io.github.lbkit.http;

import java.time.Duration;
import java.util.Optional;

/**
 * How long the proxy waits. Each is positive, and at most a year. Immutable.
 *
 * @param connect for a connection to a server, the look-up of its name and all addresses included; 1 second by default
 * @param head from a request's first byte to the end of its head; 10 seconds by default
 * @param idle between requests on a client's connection; 60 seconds by default
 * @param bodyProgress without a byte of progress in a body, either way; 30 seconds by default
 * @param response from the whole request sent to the first byte of the response head; 30 seconds by default
 * @param request from a request's first byte to the last of its response; absent by default
 * @param upstreamIdle how long an unused connection to a server is kept; 30 seconds by default
 */
public record Timeouts(
        Duration connect,
        Duration head,
        Duration idle,
        Duration bodyProgress,
        Duration response,
        Optional<Duration> request,
        Duration upstreamIdle) {
    private static final Duration LONGEST = Duration.ofDays(365); // before the defaults, which are checked against it

    /** The defaults. */
    public static final Timeouts DEFAULTS = new Timeouts(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Optional.empty(),
            Duration.ofSeconds(30));

    /** Checks. */
    public Timeouts {
        positive("connect", connect);
        positive("head", head);
        positive("idle", idle);
        positive("bodyProgress", bodyProgress);
        positive("response", response);
        request.ifPresent(d -> positive("request", d));
        positive("upstreamIdle", upstreamIdle);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("timeout " + name + " " + value + " is not positive");
        }
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("timeout " + name + " " + value + " is longer than " + LONGEST);
        }
    }
}
