package io.github.lbkit.api.internal.load;

import io.github.lbkit.api.explain.EjectionReason;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The load and health of one instance during one stay in the membership: attempts in flight, latency, probe verdict and
 * warm-up. Each attempt is counted in the {@link LoadCounter} of its thread; a sum over several counters is the sum of
 * a recent moment. Thread-safe. Attempts take no lock; only {@link #open} and {@link #close} exclude each other.
 */
public final class ServerLoad {
    private final @Nullable TrafficHealth traffic;

    private final LoadCounter[] counters;

    /** True if probes report that the instance cannot serve. Written by the scheduler's thread. */
    private volatile boolean unhealthy;

    /** The detail of the last failed probe. Written by the scheduler's thread before {@link #unhealthy}. */
    private volatile String unhealthyFor = "";

    /** The reason of the newest ejection. Written under the monitor of the protection. */
    private volatile @Nullable EjectionReason ejectedFor;

    /**
     * The start of the warm-up; null once the instance is warm. Any thread that sees the end of the warm-up writes
     * null.
     */
    private volatile @Nullable WarmUpStart warmUpStart;

    /** Created by the scheduler's thread; dropped when an ejection ends. */
    private volatile @Nullable LatencyMeter meter;

    /** The measured value at which the next meter begins; written before {@link #meter} is dropped. */
    private volatile long meteredFrom;

    /** Completes when the load is closed and no attempt is in flight. */
    private volatile CompletableFuture<Void> idle = new CompletableFuture<>();

    /** True if listeners were told that this instance is lost; reset when the instance serves again. */
    private final AtomicBoolean lossReported = new AtomicBoolean();

    /** Earlier stays of the same instance that still have attempts in flight; null without such stays. */
    private volatile @Nullable List<ServerLoad> earlier;

    /**
     * Creates the load of an instance's stay.
     *
     * @param counters the number of load counters, a power of two
     * @param window null if the balancer ejects no server
     * @param warmUpStart the start of the warm-up; null if the instance is warm
     * @param earlier earlier stays of the same instance, whose attempts count against the in-flight cap
     */
    public ServerLoad(
            int counters,
            @Nullable TrafficWindow window,
            long nowNanos,
            @Nullable WarmUpStart warmUpStart,
            boolean unhealthy,
            List<ServerLoad> earlier) {
        this.counters = new LoadCounter[counters];
        boolean byLatency = window != null && window.settings.latencyFactor().isPresent();
        for (int i = 0; i < counters; i++) {
            this.counters[i] = new LoadCounter(this, byLatency, nowNanos);
        }
        this.warmUpStart = warmUpStart;
        this.unhealthy = unhealthy;
        this.traffic = window == null ? null : new TrafficHealth(window, nowNanos, this);
        this.earlier = earlier.isEmpty() ? null : List.copyOf(earlier);
        updateFastPath();
    }

    /** Returns the load counter of this group of threads. */
    public LoadCounter counter(int number) {
        return counters[number];
    }

    /** Returns the outcome of the instance's traffic; null if the balancer ejects no server. */
    public @Nullable TrafficHealth traffic() {
        return traffic;
    }

    /** Returns whether probes report that the instance cannot serve. */
    public boolean isUnhealthy() {
        return unhealthy;
    }

    /** Sets the verdict of the probes and the detail of the last probe. */
    public void unhealthy(boolean value, String reason) {
        unhealthyFor = reason;
        unhealthy = value;
        updateFastPath();
    }

    /** Returns the detail of the failed probe that made the instance unhealthy; empty without a detail. */
    public String unhealthyFor() {
        return unhealthyFor;
    }

    /** Sets the reason of the newest ejection. */
    public void ejectedFor(EjectionReason reason) {
        ejectedFor = reason;
    }

    /** Returns the reason of the newest ejection; null if the instance was never ejected. */
    @Nullable
    public EjectionReason ejectedFor() {
        return ejectedFor;
    }

    /** Returns the start of the warm-up; null once the instance is warm. */
    public @Nullable WarmUpStart warmUpStart() {
        return warmUpStart;
    }

    /** Ends the warm-up. */
    public void endWarmUp() {
        warmUpStart = null;
        updateFastPath();
    }

    /**
     * Updates the counters: picks and successes skip this object while nothing but the counts matters. Must be called
     * after each change of this object. The last of several concurrent calls sees all changes.
     */
    public void updateFastPath() {
        boolean slow;
        do {
            slow = needsSlowPath();
            for (LoadCounter counter : counters) {
                counter.setSlowPath(slow);
            }
        } while (needsSlowPath() != slow);
    }

    private boolean needsSlowPath() {
        return unhealthy || warmUpStart != null || earlier != null || (traffic != null && !traffic.isCalm());
    }

    /** Drops all measured latencies, and makes the next success of each counter update the window. */
    public void forget(long nowNanos) {
        for (LoadCounter counter : counters) {
            counter.forget(nowNanos);
        }
        meteredFrom = measured();
        meter = null;
    }

    /** Returns whether attempts may begin. */
    public boolean isOpen() {
        return counters[0].isOpen();
    }

    /** Returns the number of successful attempts so far, modulo 2^32. */
    public int successes() {
        int sum = 0;
        for (LoadCounter counter : counters) {
            sum += counter.successes();
        }
        return sum;
    }

    /** Returns the number of attempts in flight of this stay and of earlier stays of the same instance. */
    public int inFlight() {
        return inFlightOfThisStay() + inFlightOfEarlierStays();
    }

    /** Returns the number of attempts in flight of this stay. */
    public int inFlightOfThisStay() {
        int sum = 0;
        for (LoadCounter counter : counters) {
            sum += counter.inFlight();
        }
        return sum;
    }

    /** Returns the number of attempts in flight of earlier stays of the same instance. */
    public int inFlightOfEarlierStays() {
        List<ServerLoad> stays = earlier;
        if (stays == null) {
            return 0;
        }
        int sum = 0;
        for (ServerLoad stay : stays) {
            sum += stay.inFlightOfThisStay();
        }
        if (sum == 0) { // earlier stays are closed, so no attempt begins in them
            earlier = null;
            updateFastPath();
        }
        return sum;
    }

    /** Returns the mean of the counters' moving averages, in nanoseconds; 0 before the first measurement. */
    public long latencyNanos() {
        long sum = 0;
        int measured = 0;
        for (LoadCounter counter : counters) {
            long latency = counter.latencyNanos();
            sum += latency;
            measured += latency > 0 ? 1 : 0;
        }
        return measured == 0 ? 0 : sum / measured;
    }

    /** Returns the sum of {@link LoadCounter#measured} over all counters. */
    private long measured() {
        long sum = 0;
        for (LoadCounter counter : counters) {
            sum += counter.measured();
        }
        return sum;
    }

    /** Adds a check of the latencies since the last check, and returns the meter. Called on the scheduler. */
    public LatencyMeter checkLatency(int checks) {
        LatencyMeter now = meter;
        if (now == null) {
            now = new LatencyMeter(checks, meteredFrom);
            meter = now;
        }
        now.check(measured());
        return now;
    }

    /** Refuses attempts from now on. */
    public synchronized void close() {
        for (LoadCounter counter : counters) {
            counter.close();
        }
        maybeIdle();
    }

    /** Completes {@link #idle} if the load is closed and the last attempt has ended. */
    public void maybeIdle() {
        CompletableFuture<Void> now = idle; // read before the counters, since the load may be opened afterwards
        for (LoadCounter counter : counters) {
            if (!counter.isClosedAndIdle()) {
                return;
            }
        }
        now.complete(null);
    }

    /** Admits attempts again. */
    public synchronized void open() {
        lossReported.set(false);
        boolean wasClosed = false;
        for (LoadCounter counter : counters) {
            wasClosed |= counter.open();
        }
        if (wasClosed) {
            idle = new CompletableFuture<>();
        }
    }

    /**
     * Returns a future that completes when the load is closed and no attempt is in flight. {@link #open} replaces the
     * future.
     */
    public CompletableFuture<Void> idle() {
        return idle;
    }

    /** Returns true to the first caller since the instance last served; that caller reports the loss to listeners. */
    public boolean reportLossOnce() {
        return lossReported.compareAndSet(false, true);
    }
}
