package io.github.lbkit.api;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What picks and attempts look at of one (id, generation), side by side in one object: nearly every pick follows one
 * reference and finds all of it on one cache line or two, of which it writes to the first. The subclass has what is rarely
 * looked at, and keeps two servers' lines apart. Thread-safe, no lock.
 */
abstract sealed class LoadCells permits ServerLoad {
    private static final VarHandle STATE = handle("state");
    private static final VarHandle LATENCY = handle("latency");
    private static final VarHandle NEWEST = handle("newest");
    private static final VarHandle OUT = handle("out");
    private static final VarHandle IN_A_ROW = handle("inARow");

    /** As {@link ServerLoad} says; attempts write by atomic operations. */
    private volatile long state;

    /** Nanoseconds; attempts write, a lost update does no harm. */
    private volatile long latency;

    /** These three as {@link TrafficHealth} says, which writes them. */
    private volatile long newest;

    private volatile long out;
    private volatile long inARow;

    /** Whether probes say that it cannot serve; written by the scheduler's thread, read by every pick. */
    volatile boolean unhealthy;

    /** Null once it is warm; whoever sees that writes it, every pick reads it. */
    volatile Protection.@Nullable Joined joined;

    /** What its traffic showed; null if nobody is ejected. */
    final @Nullable TrafficHealth traffic;

    LoadCells(@Nullable TrafficWindow window, long nowNanos) {
        traffic = window == null ? null : new TrafficHealth(window, nowNanos, this);
    }

    private static VarHandle handle(String field) {
        try {
            return MethodHandles.lookup().findVarHandle(LoadCells.class, field, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final long state() {
        return state;
    }

    /** The state of some recent moment: orders nothing. */
    final long recentState() {
        return (long) STATE.getOpaque(this);
    }

    final long addToState(long change) {
        return (long) STATE.getAndAdd(this, change);
    }

    final boolean changeState(long before, long after) {
        return STATE.compareAndSet(this, before, after);
    }

    final long setInState(long bits) {
        return (long) STATE.getAndBitwiseOr(this, bits);
    }

    final long clearInState(long bits) {
        return (long) STATE.getAndBitwiseAnd(this, ~bits);
    }

    final long latencyNanos() {
        return latency;
    }

    /** Orders nothing, which a volatile write would pay for. */
    final void latencyNanos(long nanos) {
        LATENCY.setOpaque(this, nanos);
    }

    final long newest() {
        return newest;
    }

    final void newest(long part) {
        newest = part;
    }

    final boolean changeNewest(long before, long after) {
        return NEWEST.compareAndSet(this, before, after);
    }

    final long out() {
        return out;
    }

    final boolean changeOut(long before, long after) {
        return OUT.compareAndSet(this, before, after);
    }

    final long inARow() {
        return inARow;
    }

    final void inARow(long failures) {
        inARow = failures;
    }

    /** One more; returns how many it was before. */
    final long addInARow() {
        return (long) IN_A_ROW.getAndAdd(this, 1L);
    }
}
