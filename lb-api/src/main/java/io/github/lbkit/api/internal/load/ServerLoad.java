package io.github.lbkit.api.internal.load;

import io.github.lbkit.api.EjectionReason;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What is in flight to one (id, generation), how fast it answers, and what decides whether it may be picked besides its
 * state. Attempts count in the {@link LoadCounter} of the thread that picked; sums over several are those of some recent moment.
 * Thread-safe; no attempt takes a lock: only {@link #open} and {@link #close} exclude each other.
 */
public final class ServerLoad {
    private final @Nullable TrafficHealth traffic;

    private final LoadCounter[] counters;

    /** Whether probes say that it cannot serve; written by the scheduler's thread. */
    private volatile boolean unhealthy;

    /** What the last failed probe said; written before {@link #unhealthy}, by the scheduler's thread. */
    private volatile String unhealthyFor = "";

    /** Written under the monitor of {@link Protection}. */
    private volatile @Nullable EjectionReason ejectedFor;

    /** Null once it is warm; whoever sees that writes it. */
    private volatile @Nullable WarmUpStart joined;

    /** Made by the scheduler's thread; dropped when the instance comes back in. */
    private volatile @Nullable LatencyMeter meter;

    /** Where the next meter begins; written before {@link #meter} is dropped. */
    private volatile long meteredFrom;

    /** Completes whenever the load is closed and nothing is in flight. */
    private volatile CompletableFuture<Void> idle = new CompletableFuture<>();

    /** Whether the loss of this instance was told; reset when it serves again. */
    private final AtomicBoolean lossTold = new AtomicBoolean();

    /** Earlier stays of the same instance that still have attempts in flight; null once they have none. */
    private volatile @Nullable List<ServerLoad> earlier;

    /**
     * The load of an instance's stay.
     *
     * @param counters a power of two
     * @param earlier earlier stays of the same instance in the membership, whose attempts count against its in-flight cap
     */
    public ServerLoad(
            int counters,
            @Nullable TrafficWindow window,
            long nowNanos,
            @Nullable WarmUpStart joined,
            boolean unhealthy,
            List<ServerLoad> earlier) {
        this.counters = new LoadCounter[counters];
        boolean byLatency = window != null && window.settings.latencyFactor().isPresent();
        for (int i = 0; i < counters; i++) {
            this.counters[i] = new LoadCounter(this, byLatency, nowNanos);
        }
        this.joined = joined;
        this.unhealthy = unhealthy;
        this.traffic = window == null ? null : new TrafficHealth(window, nowNanos, this);
        this.earlier = earlier.isEmpty() ? null : List.copyOf(earlier);
        settle();
    }

    public LoadCounter counter(int number) {
        return counters[number];
    }

    /** Returns the outcome of the instance's traffic; null if the balancer ejects no server. */
    public @Nullable TrafficHealth traffic() {
        return traffic;
    }

    public boolean isUnhealthy() {
        return unhealthy;
    }

    public void unhealthy(boolean value, String reason) {
        unhealthyFor = reason;
        unhealthy = value;
        settle();
    }

    /** What the probe said that made the instance unhealthy; empty if nothing was said. */
    public String unhealthyFor() {
        return unhealthyFor;
    }

    /** Notes why the instance is ejected. */
    public void ejectedFor(EjectionReason reason) {
        ejectedFor = reason;
    }

    /** Why the instance was ejected last; null if it never was. */
    @Nullable
    public EjectionReason ejectedFor() {
        return ejectedFor;
    }

    /** Since when it warms up; null once it is warm. */
    public @Nullable WarmUpStart joined() {
        return joined;
    }

    public void isWarm() {
        joined = null;
        settle();
    }

    /**
     * Tells the counters whether picks and good ends may pass without a look at what stands here. To be called after
     * each change of it; whoever calls last has seen what all others did before.
     */
    public void settle() {
        boolean look;
        do {
            look = needsLook();
            for (LoadCounter counter : counters) {
                counter.look(look);
            }
        } while (needsLook() != look);
    }

    private boolean needsLook() {
        return unhealthy || joined != null || earlier != null || (traffic != null && !traffic.isCalm());
    }

    /** Drops what the counters have measured until now, and has the next good end of each look at the window. */
    public void forget(long nowNanos) {
        for (LoadCounter counter : counters) {
            counter.forget(nowNanos);
        }
        meteredFrom = measured();
        meter = null;
    }

    /** Whether attempts may begin. */
    public boolean isOpen() {
        return counters[0].isOpen();
    }

    /** How many attempts went well so far, modulo 2^32. */
    public int successes() {
        int sum = 0;
        for (LoadCounter counter : counters) {
            sum += counter.successes();
        }
        return sum;
    }

    /** The attempts in flight of this stay and of the instance's earlier ones. */
    public int inFlight() {
        return inFlightOfThisStay() + inFlightOfEarlierStays();
    }

    public int inFlightOfThisStay() {
        int sum = 0;
        for (LoadCounter counter : counters) {
            sum += counter.inFlight();
        }
        return sum;
    }

    public int inFlightOfEarlierStays() {
        List<ServerLoad> stays = earlier;
        if (stays == null) {
            return 0;
        }
        int sum = 0;
        for (ServerLoad stay : stays) {
            sum += stay.inFlightOfThisStay();
        }
        if (sum == 0) { // they are closed, so that nothing begins in them any more
            earlier = null;
            settle();
        }
        return sum;
    }

    /** The mean of the moving averages of the counters; 0 while nothing was measured. */
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

    /** The latencies of all counters so far, as {@link LoadCounter#measured} tells them. */
    private long measured() {
        long sum = 0;
        for (LoadCounter counter : counters) {
            sum += counter.measured();
        }
        return sum;
    }

    /** Checks the latencies since the last check; called on the scheduler. */
    public LatencyMeter checkLatency(int checks) {
        LatencyMeter now = meter;
        if (now == null) {
            now = new LatencyMeter(checks, meteredFrom);
            meter = now;
        }
        now.check(measured());
        return now;
    }

    /** No attempt begins from now on. */
    public synchronized void close() {
        for (LoadCounter counter : counters) {
            counter.close();
        }
        maybeIdle();
    }

    /** An attempt may have been the last of what was closed. */
    public void maybeIdle() {
        CompletableFuture<Void> now = idle; // before the look, since it may be opened after it
        for (LoadCounter counter : counters) {
            if (!counter.isClosedAndIdle()) {
                return;
            }
        }
        now.complete(null);
    }

    /** Attempts may begin again. */
    public synchronized void open() {
        lossTold.set(false);
        boolean wasClosed = false;
        for (LoadCounter counter : counters) {
            wasClosed |= counter.open();
        }
        if (wasClosed) {
            idle = new CompletableFuture<>();
        }
    }

    /** Completes when closed and nothing is in flight; a new one after {@link #open}. */
    public CompletableFuture<Void> idle() {
        return idle;
    }

    /** Whether the caller is the first to tell that this instance is lost, since it served last. */
    public boolean tellLossOnce() {
        return lossTold.compareAndSet(false, true);
    }
}
