package io.github.lbkit.api.internal.pool;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The delay before a failed server is launched again. Immutable; as thread-safe as its random source. */
public final class Backoff {
    private final long minNanos;
    private final long capNanos;
    private final LongSupplier random;

    /** Creates a backoff with these delays and this source of jitter. */
    public Backoff(Duration min, Duration cap, LongSupplier random) {
        this.minNanos = min.toNanos();
        this.capNanos = cap.toNanos();
        this.random = random;
    }

    /**
     * Returns the delay after this many failures in a row. The first failure has no delay. The second has {@code min},
     * and each further one doubles the delay up to {@code cap}. Each delay is shortened at random by up to a half.
     */
    public Duration after(int failures) {
        if (failures <= 1) {
            return Duration.ZERO;
        }
        int doublings = Math.min(failures - 2, Long.numberOfLeadingZeros(minNanos) - 1);
        long full = Math.min(capNanos, minNanos << doublings);
        long half = full / 2;
        return Duration.ofNanos(full - (half == 0 ? 0 : Math.floorMod(random.getAsLong(), half + 1)));
    }
}
