package io.github.lbkit.api;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What is in flight to one (id, generation), how fast it answers, and what decides whether it may be picked besides its
 * state. Attempts count in the {@link Stripe} of the thread that picked; sums over several are those of some recent moment.
 * Thread-safe; no attempt takes a lock: only {@link #open} and {@link #close} exclude each other.
 */
final class ServerLoad {
    /** What its traffic showed; null if nobody is ejected. */
    final @Nullable TrafficHealth traffic;

    private final Stripe[] stripes;

    /** Whether probes say that it cannot serve; written by the scheduler's thread. */
    private volatile boolean unhealthy;

    /** What the last failed probe said; written before {@link #unhealthy}, by the scheduler's thread. */
    private volatile String unhealthyFor = "";

    /** Written under the monitor of {@link Protection}. */
    private volatile @Nullable EjectionReason ejectedFor;

    /** Null once it is warm; whoever sees that writes it. */
    private volatile Protection.@Nullable Joined joined;

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
     * @param stripes a power of two
     * @param earlier earlier stays of the same instance in the membership, whose attempts count against its in-flight cap
     */
    ServerLoad(
            int stripes,
            @Nullable TrafficWindow window,
            long nowNanos,
            Protection.@Nullable Joined joined,
            boolean unhealthy,
            List<ServerLoad> earlier) {
        this.stripes = new Stripe[stripes];
        boolean byLatency = window != null && window.settings.latencyFactor().isPresent();
        for (int i = 0; i < stripes; i++) {
            this.stripes[i] = new Stripe(this, byLatency, nowNanos);
        }
        this.joined = joined;
        this.unhealthy = unhealthy;
        this.traffic = window == null ? null : new TrafficHealth(window, nowNanos, this);
        this.earlier = earlier.isEmpty() ? null : List.copyOf(earlier);
        settle();
    }

    Stripe stripe(int number) {
        return stripes[number];
    }

    boolean isUnhealthy() {
        return unhealthy;
    }

    void unhealthy(boolean value, String reason) {
        unhealthyFor = reason;
        unhealthy = value;
        settle();
    }

    /** What the probe said that made the instance unhealthy; empty if nothing was said. */
    String unhealthyFor() {
        return unhealthyFor;
    }

    /** Notes why the instance is ejected. */
    void ejectedFor(EjectionReason reason) {
        ejectedFor = reason;
    }

    /** Why the instance was ejected last; null if it never was. */
    @Nullable
    EjectionReason ejectedFor() {
        return ejectedFor;
    }

    /** Since when it warms up; null once it is warm. */
    Protection.@Nullable Joined joined() {
        return joined;
    }

    void isWarm() {
        joined = null;
        settle();
    }

    /**
     * Tells the stripes whether picks and good ends may pass without a look at what stands here. To be called after
     * each change of it; whoever calls last has seen what all others did before.
     */
    void settle() {
        boolean look;
        do {
            look = needsLook();
            for (Stripe stripe : stripes) {
                stripe.look(look);
            }
        } while (needsLook() != look);
    }

    private boolean needsLook() {
        return unhealthy || joined != null || earlier != null || (traffic != null && !traffic.isCalm());
    }

    /** Drops what the stripes have measured until now, and has the next good end of each look at the window. */
    void forget(long nowNanos) {
        for (Stripe stripe : stripes) {
            stripe.forget(nowNanos);
        }
        meteredFrom = measured();
        meter = null;
    }

    /** Whether attempts may begin. */
    boolean isOpen() {
        return stripes[0].isOpen();
    }

    /** How many attempts went well so far, modulo 2^32. */
    int successes() {
        int sum = 0;
        for (Stripe stripe : stripes) {
            sum += stripe.successes();
        }
        return sum;
    }

    /** The attempts in flight of this stay and of the instance's earlier ones. */
    int inFlight() {
        return inFlightOfThisStay() + inFlightOfEarlierStays();
    }

    int inFlightOfThisStay() {
        int sum = 0;
        for (Stripe stripe : stripes) {
            sum += stripe.inFlight();
        }
        return sum;
    }

    int inFlightOfEarlierStays() {
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

    /** The mean of the moving averages of the stripes; 0 while nothing was measured. */
    long latencyNanos() {
        long sum = 0;
        int measured = 0;
        for (Stripe stripe : stripes) {
            long latency = stripe.latencyNanos();
            sum += latency;
            measured += latency > 0 ? 1 : 0;
        }
        return measured == 0 ? 0 : sum / measured;
    }

    /** The latencies of all stripes so far, as {@link Stripe#measured} tells them. */
    private long measured() {
        long sum = 0;
        for (Stripe stripe : stripes) {
            sum += stripe.measured();
        }
        return sum;
    }

    /** Checks the latencies since the last check; called on the scheduler. */
    LatencyMeter checkLatency(int checks) {
        LatencyMeter now = meter;
        if (now == null) {
            now = new LatencyMeter(checks, meteredFrom);
            meter = now;
        }
        now.check(measured());
        return now;
    }

    /** No attempt begins from now on. */
    synchronized void close() {
        for (Stripe stripe : stripes) {
            stripe.close();
        }
        maybeIdle();
    }

    /** An attempt may have been the last of what was closed. */
    void maybeIdle() {
        CompletableFuture<Void> now = idle; // before the look, since it may be opened after it
        for (Stripe stripe : stripes) {
            if (!stripe.isClosedAndIdle()) {
                return;
            }
        }
        now.complete(null);
    }

    /** Attempts may begin again. */
    synchronized void open() {
        lossTold.set(false);
        boolean wasClosed = false;
        for (Stripe stripe : stripes) {
            wasClosed |= stripe.open();
        }
        if (wasClosed) {
            idle = new CompletableFuture<>();
        }
    }

    /** Completes when closed and nothing is in flight; a new one after {@link #open}. */
    CompletableFuture<Void> idle() {
        return idle;
    }

    /** Whether the caller is the first to tell that this instance is lost, since it served last. */
    boolean tellLossOnce() {
        return lossTold.compareAndSet(false, true);
    }
}
