package io.github.lbkit.api.internal.load;

import io.github.lbkit.api.health.Ejection;

/** How a balancer looks at traffic: its settings, and time cut into parts, of which a window has so many. Immutable. */
public final class TrafficWindow {
    /** How many parts a window has. */
    public static final int PARTS = 10;

    final Ejection settings;
    final long origin;
    private final double partsPerNano;

    public TrafficWindow(Ejection settings, long nowNanos) {
        this.settings = settings;
        this.origin = nowNanos;
        this.partsPerNano = PARTS / (double) settings.window().toNanos();
    }

    /** The number of the part that this time lies in; above {@link #PARTS}, so that 0 is never in a window. */
    public long part(long nowNanos) {
        return 2 * PARTS + (long) ((nowNanos - origin) * partsPerNano);
    }

    /** When this part ends, to within rounding. */
    public long end(long part) {
        return origin + (long) ((part + 1 - 2 * PARTS) / partsPerNano);
    }
}
