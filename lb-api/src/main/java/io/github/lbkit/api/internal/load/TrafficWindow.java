package io.github.lbkit.api.internal.load;

import io.github.lbkit.api.health.Ejection;

/**
 * The window of observed traffic: the settings of ejection, and time divided into {@value #PARTS} parts per window.
 * Immutable.
 */
public final class TrafficWindow {
    /** The number of parts of a window. */
    public static final int PARTS = 10;

    final Ejection settings;
    final long origin;
    private final double partsPerNano;

    /** Creates a window whose time begins now. */
    public TrafficWindow(Ejection settings, long nowNanos) {
        this.settings = settings;
        this.origin = nowNanos;
        this.partsPerNano = PARTS / (double) settings.window().toNanos();
    }

    /** Returns the number of the part at this time; above {@link #PARTS}, so that part 0 is never in a window. */
    public long part(long nowNanos) {
        return 2 * PARTS + (long) ((nowNanos - origin) * partsPerNano);
    }

    /** Returns the end of a part, in nanoseconds, to within rounding. */
    public long end(long part) {
        return origin + (long) ((part + 1 - 2 * PARTS) / partsPerNano);
    }
}
