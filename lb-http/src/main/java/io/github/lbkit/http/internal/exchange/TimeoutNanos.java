package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.Timeouts;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The timeouts that exchanges ask for on every request, in nanoseconds. Immutable.
 *
 * @param head see {@link Timeouts#head}
 * @param idle see {@link Timeouts#idle}
 * @param bodyProgress see {@link Timeouts#bodyProgress}
 * @param response see {@link Timeouts#response}
 * @param request see {@link Timeouts#request}
 */
public record TimeoutNanos(long head, long idle, long bodyProgress, long response, OptionalLong request) {
    /** These timeouts in nanoseconds. */
    public static TimeoutNanos of(Timeouts timeouts) {
        return new TimeoutNanos(
                timeouts.head().toNanos(),
                timeouts.idle().toNanos(),
                timeouts.bodyProgress().toNanos(),
                timeouts.response().toNanos(),
                timeouts.request().map(Duration::toNanos).map(OptionalLong::of).orElseGet(OptionalLong::empty));
    }
}
