package io.github.lbkit.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Wraps callbacks so that one call of them goes wrong: the n-th over all that were wrapped, in the order of time. With n
 * from 1 until {@link #struck} says no, every call has gone wrong once. Thread-safe.
 */
public final class FaultyCalls {
    private static final int EVERY = -1;

    /** When the call goes wrong. */
    public enum Moment {
        /** Instead of doing anything. */
        BEFORE,
        /** When all was done that was to be done. */
        AFTER
    }

    /** Which call goes wrong; {@link #EVERY} of them. */
    private final int number;

    private final @Nullable Misbehaviour how;
    private final Moment moment;

    /** Guarded by this object's monitor, as is the next. */
    private int calls;

    private String struck = "";
    private String thrower = "";

    private FaultyCalls(int number, @Nullable Misbehaviour how, Moment moment) {
        this.number = number;
        this.how = how;
        this.moment = moment;
    }

    /**
     * One call goes wrong.
     *
     * @param number which call, from 1; only calls are counted that can go wrong in this way
     */
    public static FaultyCalls at(int number, Misbehaviour how, Moment moment) {
        return new FaultyCalls(number, how, moment);
    }

    /** Every call goes wrong that can go wrong in this way. */
    public static FaultyCalls everyCall(Misbehaviour how) {
        return new FaultyCalls(EVERY, how, Moment.BEFORE);
    }

    /** All goes well. */
    public static FaultyCalls none() {
        return new FaultyCalls(0, null, Moment.BEFORE);
    }

    /** From now on nothing goes wrong. */
    public synchronized void disarm() {
        calls = Integer.MIN_VALUE / 2;
    }

    /** Whether the call was made. */
    public boolean struck() {
        return !strike().isEmpty();
    }

    /** Returns the method whose call went wrong; empty if none has. */
    public synchronized String strike() {
        return struck;
    }

    /** Returns the name of the class whose call went wrong, as a log has it; empty if none has. */
    public synchronized String thrower() {
        return thrower;
    }

    /**
     * Wraps a callback.
     *
     * @param type the interface by which the callback is known; public, in an exported package
     * @param real what does the work of the calls that go right
     */
    public <T> T around(Class<T> type, T real) {
        Object wrapped = Proxy.newProxyInstance(
                FaultyCalls.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> call(proxy, real, method, args));
        return type.cast(wrapped);
    }

    private @Nullable Object call(Object proxy, Object real, Method method, Object @Nullable [] args) throws Throwable {
        if (method.getDeclaringClass() == Object.class || !isHit(proxy, method)) {
            return passed(real, method, args);
        }
        Object right = null;
        if (moment == Moment.AFTER || how == Misbehaviour.COMPLETES_ELSEWHERE) {
            right = passed(real, method, args);
        }
        return how == null ? right : how.result(right);
    }

    private synchronized boolean isHit(Object proxy, Method method) {
        if (how == null || !how.fits(method) || (++calls != number && number != EVERY)) {
            return false;
        }
        struck = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        thrower = proxy.getClass().getName();
        return true;
    }

    private static @Nullable Object passed(Object real, Method method, Object @Nullable [] args) throws Throwable {
        try {
            return method.invoke(real, args);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
