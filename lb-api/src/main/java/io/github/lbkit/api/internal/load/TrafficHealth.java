package io.github.lbkit.api.internal.load;

import io.github.lbkit.api.EjectionReason;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one instance's traffic, and its ejection. Thread-safe, no lock: threads that end attempts write, threads
 * that pick read. Few attempts reach this class: while nothing has failed and the instance is not ejected, only {@link
 * LoadCounter}s count.
 *
 * <p>An instance is in, ejected until a time, or on trial. When the time of an ejection is over, the next pick begins a
 * trial: one attempt, identified by a number. The first byte of its response brings the instance back in; a failure
 * ejects it again. A trial that is undecided after {@link io.github.lbkit.api.health.Ejection#base} gives way to another.
 *
 * <p>Successes are counted by the counters from their creation on; this class keeps how many there were when a part of the
 * window began. Failures are counted here.
 */
public final class TrafficHealth {
    /** What {@link #pass} answers when an ordinary attempt may begin. */
    public static final int ADMITTED = 0;

    /** What {@link #pass} answers when no attempt may begin. */
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
     * {@link #IN}; or, in nanoseconds since the window's origin, the end of the ejection; or, negated, the time at which a
     * trial that is undecided gives way.
     */
    private final AtomicLong state = new AtomicLong(IN);

    /** The number of the newest trial, 1 or more; written only by the thread whose compare-and-set began the trial. */
    private volatile int trials;

    /** The trial that brought the instance back, until any attempt ends well; then {@link #NO_TRIAL}. */
    private volatile int returnedBy;

    /** Failures since the last success. */
    private final AtomicLong inARow = new AtomicLong();

    /** For each part, its number in the high 32 bits, and the successes before it. */
    private final AtomicLongArray successes = new AtomicLongArray(PARTS);

    /** For each part, its number in the high 32 bits, and its failures. */
    private final AtomicLongArray failures = new AtomicLongArray(PARTS);

    /** Ejections since the instance was in for as long as the cap. */
    private final AtomicInteger ejections = new AtomicInteger();

    /** When the instance last came back in; attempts that began before say nothing about it now. */
    private volatile long returned;

    public TrafficHealth(TrafficWindow window, long nowNanos, ServerLoad load) {
        this.window = window;
        this.returned = nowNanos;
        this.load = load;
    }

    /**
     * Asks whether an attempt may begin, and begins a trial if one is due.
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

    /** Nanoseconds since one before the window's origin: 1 or more, so that {@link #IN} means nothing else. */
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

    /** The end of the ejection, or the beginning of the trial's end, for comparing instances: the earliest comes back first. */
    public long until() {
        return Math.abs(state.get());
    }

    /** How many nanoseconds the ejection still lasts; 0 if the instance is in, on trial, or due for a trial. */
    public long nanosLeft(long nowNanos) {
        return Math.max(0, state.get() - since(nowNanos));
    }

    /** Ends a trial that was decided neither way; the next pick may begin another. */
    public void trialTakenBack(int trial, long nowNanos) {
        long is = state.get();
        if (is < IN && trial == trials) {
            state.compareAndSet(is, since(nowNanos));
        }
    }

    /** Returns whether no attempt failed since the last success, and the instance is in and has proved so. */
    public boolean isCalm() {
        return state.get() == IN && inARow.get() == 0 && returnedBy == NO_TRIAL;
    }

    /** Brings the instance back in because its trial answered; returns false if the trial no longer counts. */
    public boolean answered(int trial, long nowNanos) {
        long is = state.get();
        if (is >= IN || trial != trials || !state.compareAndSet(is, IN)) {
            return false;
        }
        begin(nowNanos, trial);
        return true;
    }

    /** Brings the instance back in before its time; returns false if it is in already. */
    public boolean comeBack(long nowNanos) {
        if (state.getAndSet(IN) == IN) {
            return false;
        }
        begin(nowNanos, NO_TRIAL);
        return true;
    }

    /** Begins a new stay: what was seen before no longer counts. */
    private void begin(long nowNanos, int trial) {
        returned = nowNanos;
        returnedBy = trial;
        for (int i = 0; i < PARTS; i++) {
            failures.set(i, 0);
            successes.set(i, 0);
        }
        newest.set(0);
        inARow.set(0);
        load.forget(nowNanos);
        load.settle();
    }

    /** Notes that an attempt ended well; the counter has counted it already. */
    public void succeeded(LoadCounter counter, long nowNanos) {
        goOn(window.part(nowNanos), load.successes() - 1);
        counter.calmUntil(window.end(newest.get()));
        if (inARow.get() != 0 || returnedBy != NO_TRIAL) {
            inARow.set(0);
            returnedBy = NO_TRIAL;
            load.settle();
        }
    }

    /**
     * Notes that an attempt failed.
     *
     * @param trial the trial that the attempt was, or 0
     * @param beganNanos when it began
     * @return why the instance should be ejected for it; null if it should not
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
        long run = inARow.incrementAndGet();
        load.settle();
        long part = window.part(nowNanos);
        int successesSoFar = load.successes();
        goOn(part, successesSoFar);
        failures.accumulateAndGet(index(part), part << NUMBER | 1, TrafficHealth::plus);
        if (run >= window.settings.consecutiveFailures()) {
            return EjectionReason.CONSECUTIVE_FAILURES;
        }
        return ratioReached(part, successesSoFar) ? EjectionReason.FAILURE_RATIO : null;
    }

    /** Whether this trial is under way, or brought the instance back and nothing has ended well since. */
    private boolean decides(int trial) {
        return trial == trials && (state.get() < IN || trial == returnedBy);
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

    /** Returns whether the instance is on trial. */
    public boolean isOnTrial() {
        return state.get() < IN;
    }

    /**
     * Ejects the instance, from in or from its trial. Called under the monitor of {@link Protection} alone.
     *
     * @return for how many nanoseconds; 0 if it is ejected already
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
        inARow.set(0);
        load.settle();
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

    /** How many attempts the window has. */
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
