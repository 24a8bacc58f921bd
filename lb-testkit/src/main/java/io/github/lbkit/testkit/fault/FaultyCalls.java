package io.github.lbkit.testkit.fault;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * An injector of one fault into the calls of callbacks: the n-th call over all wrapped callbacks fails, in the order of
 * time. A test that runs with n = 1, 2, … until {@link #occurred} is false makes every call fail once. Thread-safe.
 *
 * <pre>{@code
 * FaultyCalls faults = FaultyCalls.at(3, Misbehaviour.THROWS_AN_ERROR, FaultyCalls.Moment.BEFORE);
 * Probe probe = faults.wrap(Probe.class, realProbe);
 * }</pre>
 */
public final class FaultyCalls {
    private static final int EVERY = -1;

    /** The moment of the fault relative to the real call. */
    public enum Moment {
        /** The fault replaces the real call. */
        BEFORE,
        /** The fault follows the real call. */
        AFTER
    }

    /** The number of the call that fails, from 1; {@link #EVERY} for all. */
    private final int number;

    private final @Nullable Misbehaviour how;
    private final Moment moment;

    /** Guarded by this object's monitor, as are the next two fields. */
    private int calls;

    private String faultyMethod = "";
    private String faultyClass = "";

    private FaultyCalls(int number, @Nullable Misbehaviour how, Moment moment) {
        this.number = number;
        this.how = how;
        this.moment = moment;
    }

    /**
     * Returns an injector whose n-th call fails.
     *
     * @param number the number of the call, from 1; calls that cannot fail in this way are not counted
     */
    public static FaultyCalls at(int number, Misbehaviour how, Moment moment) {
        return new FaultyCalls(number, how, moment);
    }

    /** Returns an injector with which every call fails that can fail in this way. */
    public static FaultyCalls everyCall(Misbehaviour how) {
        return new FaultyCalls(EVERY, how, Moment.BEFORE);
    }

    /** Returns an injector without a fault. */
    public static FaultyCalls none() {
        return new FaultyCalls(0, null, Moment.BEFORE);
    }

    /** Ends the injection: no later call fails. */
    public synchronized void disarm() {
        calls = Integer.MIN_VALUE / 2;
    }

    /** Returns whether a call has failed. */
    public boolean occurred() {
        return !faultyMethod().isEmpty();
    }

    /** Returns the method whose call failed, as {@code Type.method}; empty if no call has failed. */
    public synchronized String faultyMethod() {
        return faultyMethod;
    }

    /** Returns the class of the callback that failed, as a log names it; empty if no call has failed. */
    public synchronized String faultyClass() {
        return faultyClass;
    }

    /**
     * Returns a callback that delegates to the real one, with the fault.
     *
     * @param type the interface of the callback; public, in an exported package
     * @param real the callback that carries out the calls
     */
    public <T> T wrap(Class<T> type, T real) {
        Object wrapped = Proxy.newProxyInstance(
                FaultyCalls.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> call(proxy, real, method, args));
        return type.cast(wrapped);
    }

    private @Nullable Object call(Object proxy, Object real, Method method, Object @Nullable [] args) throws Throwable {
        if (method.getDeclaringClass() == Object.class || !fails(proxy, method)) {
            return invoke(real, method, args);
        }
        Object result = null;
        if (moment == Moment.AFTER || how == Misbehaviour.COMPLETES_ELSEWHERE) {
            result = invoke(real, method, args);
        }
        return how == null ? result : how.result(result);
    }

    private synchronized boolean fails(Object proxy, Method method) {
        if (how == null || !how.appliesTo(method) || (++calls != number && number != EVERY)) {
            return false;
        }
        faultyMethod = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        faultyClass = proxy.getClass().getName();
        return true;
    }

    private static @Nullable Object invoke(Object real, Method method, Object @Nullable [] args) throws Throwable {
        try {
            return method.invoke(real, args);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
