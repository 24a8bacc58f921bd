package io.github.lbkit.api.internal.balancer;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.explain.OperatorOverride;
import io.github.lbkit.api.internal.search.BalancerCall;
import io.github.lbkit.api.internal.search.CallContext;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The queue of a balancer's calls that wait for a server, in order of arrival. Thread-safe, never blocks, and has no
 * thread of its own: a thread that ends an attempt or changes the state also serves the waiting calls.
 */
public final class CallQueue implements AutoCloseable {
    private final BalancerEngine engine;
    private final CallContext context;
    private final int maxWaiting;
    private final Duration maxWait;
    private final Predicate<NoServer.Reason> mayWait;
    private final Subscription changes;
    private final Queue<Waiter> waiters = new ConcurrentLinkedQueue<>();

    /**
     * The number of waiting calls. Counted up before a call is added, counted down by the thread that removes the call.
     */
    private final AtomicInteger waiting = new AtomicInteger();

    /** The number of requests to serve; the thread that raises it from 0 serves until it is 0 again. */
    private final AtomicInteger wakes = new AtomicInteger();

    /** True if a wake is scheduled for the deadline of the first waiting call. */
    private final AtomicBoolean timed = new AtomicBoolean();

    /** Written once by {@link #close}, read by all threads. */
    private volatile boolean closed;

    /**
     * Creates the queue and attaches the queue to the balancer.
     *
     * @param mayWait tells whether a call waits that got no server for this reason
     * @throws IllegalStateException if the balancer has a queue already
     */
    public CallQueue(BalancerEngine engine, int maxWaiting, Duration maxWait, Predicate<NoServer.Reason> mayWait) {
        this.engine = engine;
        this.context = engine.context();
        this.maxWaiting = maxWaiting;
        this.maxWait = maxWait;
        this.mayWait = mayWait;
        engine.attach(this::wake);
        changes = engine.follow(new Changes());
    }

    /** Returns the next attempt of this call, when a server is free and the call is first in the queue. */
    public CompletableFuture<Pick> next(Call call) {
        BalancerCall own = own(call);
        if (closed) {
            return CompletableFuture.completedFuture(refused(NoServer.Reason.CLOSED));
        }
        if (waiting.get() == 0) {
            Pick pick = own.nextAnew();
            if (!(pick instanceof NoServer none)) {
                return CompletableFuture.completedFuture(pick);
            }
            if (!mayWait.test(none.reason())) {
                context.tell(none);
                return CompletableFuture.completedFuture(pick);
            }
        }
        if (!tryEnter()) {
            return CompletableFuture.completedFuture(refused(NoServer.Reason.QUEUE_FULL));
        }
        Waiter waiter = new Waiter(own, now() + maxWait.toNanos());
        waiters.add(waiter);
        var unused = waiter.whenComplete((pick, e) -> remove(waiter)); // any thread may complete it, such as orTimeout
        serve(); // an attempt that ended after the search above did not see this waiter
        return waiter;
    }

    private BalancerCall own(Call call) {
        if (call instanceof BalancerCall own && own.belongsTo(context)) {
            return own;
        }
        throw new IllegalArgumentException("the call is not one of the balancer over pool '"
                + engine.pool().name() + "', whose queue this is");
    }

    private boolean tryEnter() {
        for (; ; ) {
            int now = waiting.get();
            if (now >= maxWaiting) {
                return false;
            }
            if (waiting.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Returns the number of waiting calls. */
    public int waiting() {
        return waiting.get();
    }

    /** Ends all waits and detaches the queue from the balancer. */
    @Override
    public void close() {
        closed = true;
        changes.close();
        serve();
        engine.detach();
    }

    /** Serves the waiting calls after a change that may have freed a server. */
    private void wake() {
        if (waiting.get() > 0) {
            serve();
        }
    }

    /** Serves on one thread at a time; a second thread makes the first thread serve once more. */
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

    /** Serves one waiter; returns whether a waiter behind it may get a server. An exception fails this waiter alone. */
    private boolean serve(Waiter waiter) {
        try {
            Pick pick = closed ? context.noServer(NoServer.Reason.CLOSED) : waiter.call.nextAnew();
            if (pick instanceof NoServer none && mayWait.test(none.reason())) {
                if (waiter.deadline - now() > 0) {
                    return waiter.call.attempts() > 0 && none.reason() != NoServer.Reason.POOL_BUSY;
                }
                pick = context.noServer(NoServer.Reason.QUEUE_TIMEOUT);
            }
            end(waiter, pick);
        } catch (Throwable e) { // thrown by a policy, for example
            remove(waiter);
            waiter.completeExceptionally(e);
        }
        return true;
    }

    private void end(Waiter waiter, Pick pick) {
        if (pick instanceof NoServer none) {
            context.tell(none);
        }
        boolean taken = remove(waiter) && waiter.complete(pick);
        if (!taken && pick instanceof Attempt attempt) {
            attempt.abandoned();
        }
    }

    /** Removes a waiter; returns false if another thread has removed it. */
    private boolean remove(Waiter waiter) {
        boolean removed = waiters.remove(waiter);
        if (removed) {
            waiting.decrementAndGet();
        }
        return removed;
    }

    /**
     * Schedules a wake at the deadline of the first waiter, the earliest deadline because all waits are equally long.
     */
    private void wakeAtDeadline() {
        Waiter first = waiters.peek();
        if (first != null && timed.compareAndSet(false, true)) {
            Duration left = Duration.ofNanos(Math.max(0, first.deadline - now()));
            engine.scheduler().schedule(left, () -> {
                timed.set(false);
                serve();
            });
        }
    }

    private long now() {
        return engine.scheduler().nanoTime();
    }

    private NoServer refused(NoServer.Reason reason) {
        NoServer none = context.noServer(reason);
        context.tell(none);
        return none;
    }

    /** The future of one waiting call. */
    private static final class Waiter extends CompletableFuture<Pick> {
        private final BalancerCall call;
        private final long deadline;

        Waiter(BalancerCall call, long deadline) {
            this.call = call;
            this.deadline = deadline;
        }

        @Override
        public <U> CompletableFuture<U> newIncompleteFuture() {
            return new CompletableFuture<>();
        }
    }

    /** The listener that wakes the queue after each change by which a server may become available. */
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
            wake(); // fail-open may have begun
        }

        @Override
        public void ejected(Server server, Duration time) {
            wake();
            engine.scheduler().schedule(time, CallQueue.this::wake);
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
