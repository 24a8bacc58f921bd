package io.github.lbkit.api.internal.load;

import io.github.lbkit.api.explain.EjectionReason;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of one instance's traffic, and the state of its ejection. Thread-safe, no lock: threads that end
 * attempts write, threads that pick read. Few attempts reach this class: while no attempt fails and the instance is not
 * ejected, only {@link LoadCounter}s count.
 *
 * <p>An instance is admitted, ejected until a time, or on trial. When the time of an ejection is over, the next pick
 * begins a trial: one attempt, identified by a number. The first byte of its response ends the ejection; a failure
 * ejects the instance again. A trial that is undecided after {@link io.github.lbkit.api.health.Ejection#base} gives way
 * to another trial.
 *
 * <p>The load counters count successes from their creation on; this class keeps the number of successes at the begin of
 * each part of the window. This class counts the failures.
 */
public final class TrafficHealth {
    /** The result of {@link #pass} if an ordinary attempt may begin. */
    public static final int ADMITTED = 0;

    /** The result of {@link #pass} if no attempt may begin. */
    public static final int REFUSED = -1;

    private static final long IN = 0;
    private static final int NO_TRIAL = 0;
    private static final int PARTS = TrafficWindow.PARTS;
    private static final long COUNT_MASK = 0xffff_ffffL;
    private static final int NUMBER = 32;

    private final TrafficWindow window;

    private final ServerLoad load;

    /** The newest part of the window that has begun. */
    private final AtomicLong newest = new AtomicLong();

    /**
     * {@link #IN} if admitted. Positive: the end of the ejection, in nanoseconds since the window's origin. Negative:
     * the negated time at which an undecided trial gives way.
     */
    private final AtomicLong state = new AtomicLong(IN);

    /** The number of the newest trial, 1 or more; written only by the thread whose compare-and-set began the trial. */
    private volatile int trials;

    /** The trial that ended the ejection, until an attempt succeeds; then {@link #NO_TRIAL}. */
    private volatile int returnedBy;

    /** Failures since the last success. */
    private final AtomicLong consecutiveFailures = new AtomicLong();

    /** For each part of the window: the part's number in the high 32 bits, and the successes before the part. */
    private final AtomicLongArray successes = new AtomicLongArray(PARTS);

    /** For each part of the window: the part's number in the high 32 bits, and the failures in the part. */
    private final AtomicLongArray failures = new AtomicLongArray(PARTS);

    /** The number of ejections since the instance was last admitted for longer than the cap. */
    private final AtomicInteger ejections = new AtomicInteger();

    /** The time at which the last ejection ended; attempts that began before do not count. */
    private volatile long returned;

    /** Creates the state of an instance that is admitted. */
    public TrafficHealth(TrafficWindow window, long nowNanos, ServerLoad load) {
        this.window = window;
        this.returned = nowNanos;
        this.load = load;
    }

    /**
     * Returns whether an attempt may begin, and begins a trial if one is due.
     *
     * @param failOpen whether ordinary attempts may begin although the instance is ejected
     * @return {@link #ADMITTED}, {@link #REFUSED}, or the number of the trial that the attempt is
     */
    public int pass(long nowNanos, boolean failOpen) {
        long now = state.get();
        if (now == IN) {
            return ADMITTED;
        }
        if (isDue(now, nowNanos) && state.compareAndSet(now, -saturatedSum(since(nowNanos), base()))) {
            int number = trials == Integer.MAX_VALUE ? 1 : trials + 1;
            trials = number;
            return number;
        }
        return failOpen ? ADMITTED : REFUSED;
    }

    /** Returns whether {@link #pass} would refuse now; begins no trial. */
    public boolean wouldRefuse(long nowNanos, boolean failOpen) {
        long now = state.get();
        return now != IN && !failOpen && !isDue(now, nowNanos);
    }

    /** Returns whether {@link #pass} would begin a trial now; begins none. */
    public boolean wouldTry(long nowNanos) {
        long now = state.get();
        return now != IN && isDue(now, nowNanos);
    }

    private boolean isDue(long is, long nowNanos) {
        return since(nowNanos) >= Math.abs(is);
    }

    /** Returns the nanoseconds since one nanosecond before the window's origin: 1 or more, so never {@link #IN}. */
    private long since(long nowNanos) {
        return nowNanos - window.origin + 1;
    }

    private long base() {
        return window.settings.base().toNanos();
    }

    /** Returns whether the instance is ejected or on trial. */
    public boolean isEjected() {
        return state.get() != IN;
    }

    /** Returns whether the instance is ejected and the time of the ejection is not over. */
    public boolean isHeldOut(long nowNanos) {
        return state.get() > since(nowNanos);
    }

    /** Returns the end of the ejection or of the undecided trial, to compare instances: the earliest returns first. */
    public long until() {
        return Math.abs(state.get());
    }

    /** Returns the remaining time of the ejection in nanoseconds; 0 if admitted, on trial, or due for a trial. */
    public long nanosLeft(long nowNanos) {
        return Math.max(0, state.get() - since(nowNanos));
    }

    /** Ends a trial without a decision; the next pick may begin another trial. */
    public void trialTakenBack(int trial, long nowNanos) {
        long is = state.get();
        if (is < IN && trial == trials) {
            state.compareAndSet(is, since(nowNanos));
        }
    }

    /**
     * Returns whether the instance is admitted, has no failure since the last success, and has succeeded since its last
     * ejection.
     */
    public boolean isCalm() {
        return state.get() == IN && consecutiveFailures.get() == 0 && returnedBy == NO_TRIAL;
    }

    /** Ends the ejection because the trial was answered; returns false if the trial is no longer the newest. */
    public boolean answered(int trial, long nowNanos) {
        long is = state.get();
        if (is >= IN || trial != trials || !state.compareAndSet(is, IN)) {
            return false;
        }
        begin(nowNanos, trial);
        return true;
    }

    /** Ends the ejection before its time; returns false if the instance is not ejected. */
    public boolean returnEarly(long nowNanos) {
        if (state.getAndSet(IN) == IN) {
            return false;
        }
        begin(nowNanos, NO_TRIAL);
        return true;
    }

    /** Resets the window after an ejection; earlier outcomes no longer count. */
    private void begin(long nowNanos, int trial) {
        returned = nowNanos;
        returnedBy = trial;
        for (int i = 0; i < PARTS; i++) {
            failures.set(i, 0);
            successes.set(i, 0);
        }
        newest.set(0);
        consecutiveFailures.set(0);
        load.forget(nowNanos);
        load.updateFastPath();
    }

    /** Records a success that the load counter has counted already. */
    public void succeeded(LoadCounter counter, long nowNanos) {
        beginPart(window.part(nowNanos), load.successes() - 1);
        counter.calmUntil(window.end(newest.get()));
        if (consecutiveFailures.get() != 0 || returnedBy != NO_TRIAL) {
            consecutiveFailures.set(0);
            returnedBy = NO_TRIAL;
            load.updateFastPath();
        }
    }

    /**
     * Records a failure.
     *
     * @param trial the number of the trial that the attempt was, or 0
     * @param beganNanos the time at which the attempt began
     * @return the reason to eject the instance; null if the instance should not be ejected
     */
    @Nullable
    public EjectionReason failed(int trial, long beganNanos, long nowNanos) {
        if (trial != NO_TRIAL && decides(trial)) {
            return EjectionReason.TRIAL_FAILED;
        }
        boolean old = beganNanos - returned < 0 && (trial == NO_TRIAL || trial != trials);
        if (old || state.get() != IN) {
            return null;
        }
        long run = consecutiveFailures.incrementAndGet();
        load.updateFastPath();
        long part = window.part(nowNanos);
        int successesSoFar = load.successes();
        beginPart(part, successesSoFar);
        failures.accumulateAndGet(index(part), part << NUMBER | 1, TrafficHealth::plus);
        if (run >= window.settings.consecutiveFailures()) {
            return EjectionReason.CONSECUTIVE_FAILURES;
        }
        return ratioReached(part, successesSoFar) ? EjectionReason.FAILURE_RATIO : null;
    }

    /** Returns whether this trial is under way, or ended the ejection with no success since. */
    private boolean decides(int trial) {
        return trial == trials && (state.get() < IN || trial == returnedBy);
    }

    private static long plus(long before, long one) {
        return before >>> NUMBER == one >>> NUMBER ? before + 1 : one;
    }

    /** Begins a part of the window if the part is newer than the newest. */
    private void beginPart(long part, int successesBefore) {
        long was = newest.get();
        if (part > was && newest.compareAndSet(was, part)) {
            successes.set(index(part), part << NUMBER | (successesBefore & COUNT_MASK));
        }
    }

    private static int index(long part) {
        return (int) (part % PARTS);
    }

    /** Returns whether the instance is on trial. */
    public boolean isOnTrial() {
        return state.get() < IN;
    }

    /**
     * Ejects the instance. Called under the monitor of the protection alone.
     *
     * @return the length of the ejection in nanoseconds; 0 if the instance is ejected already
     */
    public long eject(long nowNanos) {
        long is = state.get();
        if (is > IN) {
            return 0;
        }
        if (is == IN
                && returnedBy == NO_TRIAL
                && nowNanos - returned > window.settings.cap().toNanos()) {
            ejections.set(0);
        }
        long times = Math.min(ejections.get() + 1L, 1_000_000);
        long nanos = Math.min(window.settings.cap().toNanos(), saturatedProduct(base(), times));
        if (!state.compareAndSet(is, saturatedSum(since(nowNanos), nanos))) {
            return 0;
        }
        returnedBy = NO_TRIAL;
        ejections.incrementAndGet();
        consecutiveFailures.set(0);
        load.updateFastPath();
        return nanos;
    }

    private static long saturatedProduct(long a, long b) {
        return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }

    private static long saturatedSum(long a, long b) {
        return a + b < 0 ? Long.MAX_VALUE : a + b;
    }

    private boolean ratioReached(long part, int successesSoFar) {
        long bad = failures(part);
        long all = successes(part, successesSoFar) + bad;
        return all >= window.settings.minVolume() && bad >= window.settings.failureRatio() * all;
    }

    /** Returns the number of attempts in the window. */
    public long volume(long nowNanos) {
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

    /** Returns the number of successes since the oldest part in the window. */
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

    /** Returns the number of parts since this part; part numbers wrap around after 2^32. */
    private static long age(long numbered, long part) {
        return (part - (numbered >>> NUMBER)) & COUNT_MASK;
    }
}
