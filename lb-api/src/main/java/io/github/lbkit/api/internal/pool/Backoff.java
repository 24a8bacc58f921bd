package io.github.lbkit.api.internal.pool;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How long a server that failed waits before it is launched again. Immutable; as thread-safe as its random source. */
public final class Backoff {
    private final long minNanos;
    private final long capNanos;
    private final LongSupplier random;

    public Backoff(Duration min, Duration cap, LongSupplier random) {
        this.minNanos = min.toNanos();
        this.capNanos = cap.toNanos();
        this.random = random;
    }

    /** Zero after the first failure; then {@code min} doubled with each, up to {@code cap}, less up to a half. */
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
