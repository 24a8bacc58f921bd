package io.github.lbkit.api;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A balancer's calls that wait for a server, first come, first served: a call that finds every server at its cap waits
 * until an attempt ends or servers, health or overrides change, and no longer than it may. Thread-safe; never blocks, takes
 * no lock of its own and has no thread: those who end an attempt serve whoever waits for it.
 *
 * <p>A call that comes while others wait goes behind them, even if a server has become free; only calls that do not ask the
 * queue pass it by. One that was refused by some servers already and finds only those free is passed by, and keeps its
 * place.
 *
 * <p><b>Good for</b> short peaks of calls that are worth waiting for. <b>Bad for</b> lasting overload: everyone then waits
 * in vain before being refused; keep the wait short.
 */
public final class WaitQueue implements AutoCloseable {
    private final LoadBalancer balancer;
    private final Settings settings;
    private final Subscription changes;
    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();

    /** How many wait; counted up before one is added, down by whoever removes it. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** Requests to serve the waiters; whoever raises it from 0 serves until it is 0 again. */
    private final AtomicInteger wakes = new AtomicInteger();

    /** Whether a wake is scheduled for the deadline of the first that waits. */
    private final AtomicBoolean timed = new AtomicBoolean();

    /** Written once by close, read by everyone. */
    private volatile boolean closed;

    /**
     * How many may wait, how long, and for what. Immutable.
     *
     * @param maxWaiting how many calls may wait at once, 1 or more
     * @param maxWait how long each may wait; positive
     * @param whileNoneReady whether calls wait also while no server is ready at all
     */
    public record Settings(int maxWaiting, Duration maxWait, boolean whileNoneReady) {
        /** Checks. */
        public Settings {
            if (maxWaiting < 1) {
                throw new IllegalArgumentException("wait queue maxWaiting " + maxWaiting + " is not 1 or more");
            }
            if (maxWait.isNegative() || maxWait.isZero()) {
                throw new IllegalArgumentException("wait queue maxWait " + maxWait + " is not positive");
            }
        }

        boolean mayWait(NoServer.Reason reason) {
            return switch (reason) {
                case ALL_BUSY, POOL_BUSY -> true;
                case NONE_READY, POOL_UNKNOWN -> whileNoneReady;
                default -> false;
            };
        }
    }

    /**
     * The queue of this balancer, which may have one; it ends when either is closed.
     *
     * @throws IllegalStateException if the balancer has one already
     */
    public WaitQueue(LoadBalancer balancer, Settings settings) {
        this.balancer = balancer;
        this.settings = settings;
        balancer.attach(this);
        changes = balancer.follow(new Changes());
    }

    /**
     * The next server of this call, at once if there is one or nothing to wait for, else when it is this call's turn. Until
     * then the call is the queue's.
     *
     * <p>Completing the future, by {@code cancel} or {@code orTimeout} for example, ends the wait. What depends on it runs on the thread that ended the wait, such as that which
     * ended another call's attempt: it must not block. A call that waited in vain gets {@link
     * NoServer.Reason#QUEUE_TIMEOUT}, one that found too many waiting {@link NoServer.Reason#QUEUE_FULL}, and all get {@link
     * NoServer.Reason#CLOSED} when the queue or its balancer is closed.
     *
     * @throws IllegalArgumentException if the call is another balancer's
     */
    public CompletableFuture<Pick> next(Call call) {
        OneCall own = own(call);
        if (closed) {
            return CompletableFuture.completedFuture(refused(NoServer.Reason.CLOSED));
        }
        if (waiting.get() == 0) {
            Pick pick = own.nextAnew();
            if (!(pick instanceof NoServer none)) {
                return CompletableFuture.completedFuture(pick);
            }
            if (!settings.mayWait(none.reason())) {
                balancer.tell(none);
                return CompletableFuture.completedFuture(pick);
            }
        }
        if (!mayEnter()) {
            return CompletableFuture.completedFuture(refused(NoServer.Reason.QUEUE_FULL));
        }
        Waiter waiter = new Waiter(own, now() + settings.maxWait().toNanos());
        waiters.add(waiter);
        var unused = waiter.whenComplete((pick, e) -> remove(waiter)); // whoever completes it, such as orTimeout
        serve(); // what ended since this call looked has not seen it wait
        return waiter;
    }

    private OneCall own(Call call) {
        if (call instanceof OneCall own && own.balancer == balancer) {
            return own;
        }
        throw new IllegalArgumentException("the call is not one of the balancer over pool '"
                + balancer.pool().name() + "', whose queue this is");
    }

    private boolean mayEnter() {
        for (; ; ) {
            int now = waiting.get();
            if (now >= settings.maxWaiting()) {
                return false;
            }
            if (waiting.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Whose calls wait here. */
    public LoadBalancer balancer() {
        return balancer;
    }

    /** How many calls wait. */
    public int waiting() {
        return waiting.get();
    }

    /** Ends every wait; calls that come later get {@link NoServer.Reason#CLOSED}. The balancer stays open. */
    @Override
    public void close() {
        closed = true;
        changes.close();
        serve();
        balancer.detach(this);
    }

    /** Something has changed that a call may wait for. */
    void wake() {
        if (waiting.get() > 0) {
            serve();
        }
    }

    /** One thread serves at a time; a thread that comes meanwhile has it look once more. */
    private void serve() {
        if (wakes.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            serveInOrder();
            seen = wakes.addAndGet(-seen);
        }
    }

    private void serveInOrder() {
        for (Waiter waiter : waiters) {
            if (!serve(waiter)) {
                break;
            }
        }
        wakeAtDeadline();
    }

    /** Serves a waiter if it can be; returns whether a waiter behind it may have better luck. What it throws fails its own wait. */
    private boolean serve(Waiter waiter) {
        try {
            Pick pick = closed ? none(NoServer.Reason.CLOSED) : waiter.call.nextAnew();
            if (pick instanceof NoServer none && settings.mayWait(none.reason())) {
                if (waiter.deadline - now() > 0) {
                    return waiter.call.attempts() > 0 && none.reason() != NoServer.Reason.POOL_BUSY;
                }
                pick = none(NoServer.Reason.QUEUE_TIMEOUT);
            }
            end(waiter, pick);
        } catch (Throwable e) { // of a policy, for example
            remove(waiter);
            waiter.completeExceptionally(e);
        }
        return true;
    }

    private void end(Waiter waiter, Pick pick) {
        if (pick instanceof NoServer none) {
            balancer.tell(none);
        }
        boolean taken = remove(waiter) && waiter.complete(pick);
        if (!taken && pick instanceof Attempt attempt) {
            attempt.abandoned();
        }
    }

    /** Takes it out; false if somebody else has. */
    private boolean remove(Waiter waiter) {
        boolean removed = waiters.remove(waiter);
        if (removed) {
            waiting.decrementAndGet();
        }
        return removed;
    }

    /** All may wait equally long, so the first that came is the first whose time is over. */
    private void wakeAtDeadline() {
        Waiter first = waiters.peek();
        if (first != null && timed.compareAndSet(false, true)) {
            Duration left = Duration.ofNanos(Math.max(0, first.deadline - now()));
            balancer.scheduler.schedule(left, () -> {
                timed.set(false);
                serve();
            });
        }
    }

    private long now() {
        return balancer.scheduler.nanoTime();
    }

    private NoServer none(NoServer.Reason reason) {
        return new NoServer(reason, balancer.retryAfter);
    }

    private NoServer refused(NoServer.Reason reason) {
        NoServer none = none(reason);
        balancer.tell(none);
        return none;
    }

    /** One call that waits. */
    private static final class Waiter extends CompletableFuture<Pick> {
        private final OneCall call;
        private final long deadline;

        Waiter(OneCall call, long deadline) {
            this.call = call;
            this.deadline = deadline;
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }
    }

    /** Wakes by whatever may let a server be taken that could not be before. */
    private final class Changes implements LoadBalancerListener {
        @Override
        public void membershipChanged(Membership before, Membership after, boolean newTable) {
            wake();
        }

        @Override
        public void becameHealthy(Server server) {
            wake();
        }

        @Override
        public void becameUnhealthy(Server server, String reason) {
            wake(); // too few may remain now, and health be ignored
        }

        @Override
        public void ejected(Server server, Duration time) {
            wake();
            balancer.scheduler.schedule(time, WaitQueue.this::wake);
        }

        @Override
        public void returned(Server server) {
            wake();
        }

        @Override
        public void overridden(String id, OperatorOverride override) {
            wake();
        }
    }
}
