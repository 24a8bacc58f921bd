package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.http.Timeouts;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The timeouts that every request uses, converted to nanoseconds once. Immutable.
 *
 * @param requestHead see {@link Timeouts#requestHead}
 * @param requestBody see {@link Timeouts#requestBody}
 * @param requestBodyRate see {@link Timeouts#requestBodyRate}, in bytes a second
 * @param clientIdle see {@link Timeouts#clientIdle}
 * @param responseHead see {@link Timeouts#responseHead}
 * @param responseSilence see {@link Timeouts#responseSilence}
 * @param eventStreamSilence see {@link Timeouts#eventStreamSilence}
 * @param writeStall see {@link Timeouts#writeStall}
 * @param request see {@link Timeouts#request}
 * @param tunnel see {@link Timeouts#tunnel}
 */
public record TimeoutNanos(
        long requestHead,
        long requestBody,
        int requestBodyRate,
        long clientIdle,
        long responseHead,
        long responseSilence,
        OptionalLong eventStreamSilence,
        long writeStall,
        OptionalLong request,
        long tunnel) {
    /** Converts these timeouts to nanoseconds. */
    public static TimeoutNanos of(Timeouts timeouts) {
        return new TimeoutNanos(
                timeouts.requestHead().toNanos(),
                timeouts.requestBody().toNanos(),
                timeouts.requestBodyRate(),
                timeouts.clientIdle().toNanos(),
                timeouts.responseHead().toNanos(),
                timeouts.responseSilence().toNanos(),
                nanos(timeouts.eventStreamSilence()),
                timeouts.writeStall().toNanos(),
                nanos(timeouts.request()),
                timeouts.tunnel().toNanos());
    }

    private static OptionalLong nanos(Optional<Duration> duration) {
        return duration.map(Duration::toNanos).map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }
}
