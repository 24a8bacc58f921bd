package io.github.lbkit.api;

import io.github.lbkit.api.health.Ejection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What one instance's traffic showed, and whether it is out for it. Thread-safe, no lock: those who end attempts write,
 * those who pick read.
 */
final class TrafficHealth {
    private static final long HEALTHY = 0;
    private static final long TRIAL = -1;
    private static final int BUCKETS = 10;
    private static final int COUNT_BITS = 16;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final Ejection settings;
    private final long origin;
    private final long bucketNanos;

    /** {@link #HEALTHY}, {@link #TRIAL}, or until when it is out, in nanoseconds from the origin. */
    private final AtomicLong state = new AtomicLong(HEALTHY);

    private final AtomicInteger consecutive = new AtomicInteger();

    /** Ejections since it was well for as long as the cap. */
    private final AtomicInteger ejections = new AtomicInteger();

    private volatile long returned;

    /** Bucket number in the high 32 bits, then successes, then failures, each saturating. */
    private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);

    TrafficHealth(Ejection settings, long nowNanos) {
        this.settings = settings;
        this.origin = nowNanos;
        this.bucketNanos = settings.window().toNanos() / BUCKETS;
        this.returned = nowNanos;
    }

    /** What a pick may do with the instance. */
    enum Pass {
        YES,
        AS_TRIAL,
        NO
    }

    /** Whether an attempt may begin; {@link Pass#AS_TRIAL} takes the one that a half-open instance may have. */
    Pass pass(long nowNanos) {
        long now = state.get();
        if (now == HEALTHY) {
            return Pass.YES;
        }
        if (now == TRIAL || nowNanos - origin < now) {
            return Pass.NO;
        }
        return state.compareAndSet(now, TRIAL) ? Pass.AS_TRIAL : Pass.NO;
    }

    /** Whether it is out, or on trial. */
    boolean out() {
        return state.get() != HEALTHY;
    }

    /** Whether a pick would find it out; takes nothing. */
    boolean wouldRefuse(long nowNanos) {
        long now = state.get();
        return now == TRIAL || (now != HEALTHY && nowNanos - origin < now);
    }

    /** The trial did not come to an end that says anything: another may be made at once. */
    void trialTakenBack(long nowNanos) {
        state.compareAndSet(TRIAL, Math.max(1, nowNanos - origin));
    }

    /** An attempt went well; returns whether this brought the instance back. */
    boolean succeeded(boolean trial, long nowNanos) {
        if (consecutive.get() != 0) {
            consecutive.set(0);
        }
        count(nowNanos, 1L << COUNT_BITS);
        if (trial && state.compareAndSet(TRIAL, HEALTHY)) {
            forget();
            returned = nowNanos;
            return true;
        }
        return false;
    }

    /** An attempt failed; returns why the instance should be ejected for it, or null if it should not. */
    @Nullable
    EjectionReason failed(boolean trial, long nowNanos) {
        int inARow = consecutive.incrementAndGet();
        count(nowNanos, 1);
        if (trial) {
            return EjectionReason.TRIAL_FAILED;
        }
        if (state.get() != HEALTHY) {
            return null;
        }
        if (inARow >= settings.consecutiveFailures()) {
            return EjectionReason.CONSECUTIVE_FAILURES;
        }
        return ratioReached(nowNanos) ? EjectionReason.FAILURE_RATIO : null;
    }

    /** Takes the instance out; returns for how many nanoseconds, or 0 if it is out already. */
    long eject(boolean trial, long nowNanos) {
        if (!trial && nowNanos - returned > settings.cap().toNanos()) {
            ejections.set(0);
        }
        long times = Math.min(ejections.get() + 1L, 1_000_000);
        long nanos = Math.min(
                settings.cap().toNanos(), saturatedProduct(settings.base().toNanos(), times));
        long until = Math.max(1, nowNanos - origin + nanos);
        if (!state.compareAndSet(trial ? TRIAL : HEALTHY, until)) {
            return 0;
        }
        ejections.incrementAndGet();
        consecutive.set(0);
        return nanos;
    }

    private static long saturatedProduct(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }

    private void forget() {
        consecutive.set(0);
        for (int i = 0; i < BUCKETS; i++) {
            buckets.set(i, 0);
        }
    }

    private void count(long nowNanos, long one) {
        long number = number(nowNanos);
        int index = (int) (number % BUCKETS);
        for (; ; ) {
            long before = buckets.get(index);
            long base = before >>> 32 == (number & 0xffff_ffffL) ? before : number << 32;
            boolean full = (base & COUNT_MASK) == COUNT_MASK || (base >>> COUNT_BITS & COUNT_MASK) == COUNT_MASK;
            if (full || buckets.compareAndSet(index, before, base + one)) {
                return;
            }
        }
    }

    private boolean ratioReached(long nowNanos) {
        long counts = counts(nowNanos);
        long bad = counts & 0xffff_ffffL;
        long all = (counts >>> 32) + bad;
        return all >= settings.minVolume() && bad >= settings.failureRatio() * all;
    }

    /** How many attempts the window has. */
    long volume(long nowNanos) {
        long counts = counts(nowNanos);
        return (counts >>> 32) + (counts & 0xffff_ffffL);
    }

    /** Successes of the window in the high 32 bits, failures in the low. */
    private long counts(long nowNanos) {
        long newest = number(nowNanos);
        long good = 0;
        long bad = 0;
        for (int i = 0; i < BUCKETS; i++) {
            long bucket = buckets.get(i);
            long age = (newest - (bucket >>> 32)) & 0xffff_ffffL;
            if (age < BUCKETS) {
                good += bucket >>> COUNT_BITS & COUNT_MASK;
                bad += bucket & COUNT_MASK;
            }
        }
        return good << 32 | bad;
    }

    /** From 1 on, so that an untouched bucket is never a current one for long. */
    private long number(long nowNanos) {
        return BUCKETS + (nowNanos - origin) / bucketNanos;
    }
}
