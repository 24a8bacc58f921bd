package io.github.lbkit.api;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * What one instance's traffic showed, and whether it is out for it. Thread-safe, no lock: those who end attempts write,
 * those who pick read. Nearly no attempt comes here: as long as nothing failed and nobody is out, {@link Stripe}s count.
 *
 * <p>Successes are counted by the server, from its beginning on; here stands how many there were when a part of the window
 * began. Failures are counted here.
 */
final class TrafficHealth {
    private static final long HEALTHY = 0;
    private static final long TRIAL = -1;
    private static final int PARTS = TrafficWindow.PARTS;
    private static final long COUNT_MASK = 0xffff_ffffL;
    private static final int NUMBER = 32;

    private final TrafficWindow window;

    private final ServerLoad load;

    /** The newest part of the window that has begun. */
    private final AtomicLong newest = new AtomicLong();

    /** {@link #HEALTHY}, {@link #TRIAL}, or until when it is out, in nanoseconds from the origin. */
    private final AtomicLong out = new AtomicLong(HEALTHY);

    /** Failures since the last success. */
    private final AtomicLong inARow = new AtomicLong();

    /** For each part, its number in the high 32 bits, and the successes before it. */
    private final AtomicLongArray successes = new AtomicLongArray(PARTS);

    /** For each part, its number in the high 32 bits, and its failures. */
    private final AtomicLongArray failures = new AtomicLongArray(PARTS);

    /** Ejections since it was well for as long as the cap. */
    private final AtomicInteger ejections = new AtomicInteger();

    private volatile long returned;

    TrafficHealth(TrafficWindow window, long nowNanos, ServerLoad load) {
        this.window = window;
        this.returned = nowNanos;
        this.load = load;
    }

    /** What a pick may do with the instance. */
    enum Pass {
        YES,
        AS_TRIAL,
        NO
    }

    /** Whether an attempt may begin; {@link Pass#AS_TRIAL} takes the one that a half-open instance may have. */
    Pass pass(long nowNanos) {
        long now = out.get();
        if (now == HEALTHY) {
            return Pass.YES;
        }
        if (now == TRIAL || nowNanos - window.origin < now) {
            return Pass.NO;
        }
        return out.compareAndSet(now, TRIAL) ? Pass.AS_TRIAL : Pass.NO;
    }

    /** Whether it is out, or on trial. */
    boolean out() {
        return out.get() != HEALTHY;
    }

    /** Whether a pick would find it out; takes nothing. */
    boolean wouldRefuse(long nowNanos) {
        long now = out.get();
        return now == TRIAL || (now != HEALTHY && nowNanos - window.origin < now);
    }

    /** The trial did not come to an end that says anything: another may be made at once. */
    void trialTakenBack(long nowNanos) {
        out.compareAndSet(TRIAL, Math.max(1, nowNanos - window.origin));
    }

    /** Whether it is in, and nothing failed since the last success. */
    boolean isCalm() {
        return out.get() == HEALTHY && inARow.get() == 0;
    }

    /** An attempt went well, and is counted already; returns whether this brought the instance back. */
    boolean succeeded(Stripe stripe, boolean trial, long nowNanos) {
        goOn(window.part(nowNanos), load.successes() - 1);
        stripe.calmUntil(window.end(newest.get()));
        boolean comesBack = trial && out.compareAndSet(TRIAL, HEALTHY);
        if (comesBack) {
            forget(nowNanos);
            returned = nowNanos;
        }
        if (comesBack || inARow.get() != 0) {
            inARow.set(0);
            load.settle();
        }
        return comesBack;
    }

    /** An attempt failed; returns why the instance should be ejected for it, or null if it should not. */
    @Nullable
    EjectionReason failed(boolean trial, long nowNanos) {
        long run = inARow.incrementAndGet();
        load.settle();
        long part = window.part(nowNanos);
        int successesSoFar = load.successes();
        goOn(part, successesSoFar);
        failures.accumulateAndGet(index(part), part << NUMBER | 1, TrafficHealth::plus);
        if (trial) {
            return EjectionReason.TRIAL_FAILED;
        }
        if (out.get() != HEALTHY) {
            return null;
        }
        if (run >= window.settings.consecutiveFailures()) {
            return EjectionReason.CONSECUTIVE_FAILURES;
        }
        return ratioReached(part, successesSoFar) ? EjectionReason.FAILURE_RATIO : null;
    }

    private static long plus(long before, long one) {
        return before >>> NUMBER == one >>> NUMBER ? before + 1 : one;
    }

    /** Begins a part of the window if it is newer than the newest. */
    private void goOn(long part, int successesBefore) {
        long was = newest.get();
        if (part > was && newest.compareAndSet(was, part)) {
            successes.set(index(part), part << NUMBER | (successesBefore & COUNT_MASK));
        }
    }

    private static int index(long part) {
        return (int) (part % PARTS);
    }

    /** Takes the instance out; returns for how many nanoseconds, or 0 if it is out already. */
    long eject(boolean trial, long nowNanos) {
        if (!trial && nowNanos - returned > window.settings.cap().toNanos()) {
            ejections.set(0);
        }
        long times = Math.min(ejections.get() + 1L, 1_000_000);
        long nanos = Math.min(
                window.settings.cap().toNanos(),
                saturatedProduct(window.settings.base().toNanos(), times));
        long until = Math.max(1, nowNanos - window.origin + nanos);
        if (!out.compareAndSet(trial ? TRIAL : HEALTHY, until)) {
            return 0;
        }
        ejections.incrementAndGet();
        inARow.set(0);
        load.settle();
        return nanos;
    }

    private static long saturatedProduct(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }

    private void forget(long nowNanos) {
        for (int i = 0; i < PARTS; i++) {
            failures.set(i, 0);
            successes.set(i, 0);
        }
        newest.set(0);
        load.restless(nowNanos);
    }

    private boolean ratioReached(long part, int successesSoFar) {
        long bad = failures(part);
        long all = successes(part, successesSoFar) + bad;
        return all >= window.settings.minVolume() && bad >= window.settings.failureRatio() * all;
    }

    /** How many attempts the window has. */
    long volume(long nowNanos) {
        long part = window.part(nowNanos);
        return successes(part, load.successes()) + failures(part);
    }

    private long failures(long part) {
        long sum = 0;
        for (int i = 0; i < PARTS; i++) {
            long count = failures.get(i);
            sum += age(count, part) < PARTS ? count & COUNT_MASK : 0;
        }
        return sum;
    }

    /** Those since the oldest part that the window has. */
    private long successes(long part, int soFar) {
        long before = soFar;
        long greatestAge = -1;
        for (int i = 0; i < PARTS; i++) {
            long mark = successes.get(i);
            long age = age(mark, part);
            if (age < PARTS && age > greatestAge) {
                greatestAge = age;
                before = mark;
            }
        }
        return (soFar - before) & COUNT_MASK;
    }

    /** How many parts ago it was; numbers go on from 0 after 2^32. */
    private static long age(long numbered, long part) {
        return (part - (numbered >>> NUMBER)) & COUNT_MASK;
    }
}
