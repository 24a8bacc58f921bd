package io.github.lbkit.api.internal.search;

import io.github.lbkit.api.Attempt;
import io.github.lbkit.api.Call;
import io.github.lbkit.api.Failure;
import io.github.lbkit.api.Key;
import io.github.lbkit.api.LoadBalancerListener;
import io.github.lbkit.api.NoServer;
import io.github.lbkit.api.Pick;
import io.github.lbkit.api.Picker;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.SkipReason;
import io.github.lbkit.api.health.RetryBudget;
import io.github.lbkit.api.internal.event.AttemptListeners;
import io.github.lbkit.api.internal.load.LoadCounter;
import io.github.lbkit.api.internal.load.ServerLoad;
import io.github.lbkit.api.internal.snapshot.RoutingTable;
import io.github.lbkit.api.internal.snapshot.Snapshot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call, its walk, its cursor and its first attempt in one object, since nearly every call ends with its first attempt
 * and is to cost one allocation. What is kept of an attempt is that of the latest; the ones before have ended.
 */
public final class BalancerCall extends CandidateSearch implements Call, Attempt {
    private static final int FIRST = 1;

    private static final VarHandle STATE = state();

    /** The lowest bit of {@link #state}: an attempt is under way. The bits above are the number of attempts. */
    private static final int UNDER_WAY = 1;

    /** The server of the first attempt; null before. */
    private @Nullable Server first;

    /** The server of the latest attempt; null before the first. */
    private @Nullable Server current;

    /**
     * How many attempts were begun, and whether the latest is under way. The call's thread begins an attempt; any thread may
     * end it, by compare-and-set, so that an attempt ends once.
     */
    private volatile int state;

    private long beganNanos;

    /** When the latest attempt's first byte came, if it has. */
    private long respondedNanos;

    private boolean responded;
    private boolean freesARetry;
    private boolean freeRetryUsed;

    /** Whether the next attempt has been paid for already. */
    private boolean retryGranted;

    public BalancerCall(CallContext context, Key key, Snapshot snapshot) {
        super(context, key, snapshot, true);
        RetryBudget budget = context.retryBudget;
        if (budget != null) {
            budget.request();
        }
        if (context.listeners != null) {
            context.listeners.tell(LoadBalancerListener::callBegan);
        }
    }

    private static VarHandle state() {
        try {
            return MethodHandles.lookup().findVarHandle(BalancerCall.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public Pick next() {
        Pick pick = look();
        if (pick instanceof NoServer none) {
            context.tell(none);
        }
        return pick;
    }

    /** Returns whether the call belongs to the balancer with this context. */
    public boolean belongsTo(CallContext other) {
        return context == other;
    }

    /** As {@link #next}, from the beginning of the newest snapshot, and telling nobody if there is none. */
    public Pick nextAnew() {
        restartAtNewest();
        return look();
    }

    private Pick look() {
        int begun = plainState();
        if ((begun & UNDER_WAY) != 0) {
            throw new IllegalStateException("attempt " + attempts() + " of the call, on server " + currentId()
                    + ", has not ended; end it before asking for another");
        }
        if (begun >> 1 >= context.maxAttempts) {
            return none(NoServer.Reason.ATTEMPTS_USED_UP);
        }
        if (context.closed()) {
            return none(NoServer.Reason.CLOSED);
        }
        if (begun > 0 && !mayRetry()) {
            return none(NoServer.Reason.RETRY_BUDGET_EMPTY);
        }
        int index;
        try {
            index = take();
            if (index < 0 && !poolBusy() && refresh()) {
                index = take();
            }
        } catch (Throwable e) { // of the policy's picker; it fails this call alone
            context.pickFailed(snapshot().table().picker(), e);
            throw e;
        }
        return index >= 0 ? begin(index) : none(reason());
    }

    private String currentId() {
        Server server = current;
        return server == null ? "none" : server.id();
    }

    private int plainState() {
        return (int) STATE.getOpaque(this);
    }

    /** A first retry after a server that was lost is free; every other one is the budget's. */
    private boolean mayRetry() {
        RetryBudget budget = context.retryBudget;
        if (budget == null || retryGranted) {
            return true;
        }
        if (!freeRetryUsed && freesARetry) {
            freeRetryUsed = true;
            retryGranted = true;
        } else {
            retryGranted = budget.tryRetry(context.scheduler.nanoTime());
        }
        return retryGranted;
    }

    private Attempt begin(int index) {
        Server server = snapshot().server(index);
        if (server == null) {
            throw new IllegalStateException("a candidate without a server was taken");
        }
        current = server;
        responded = false;
        retryGranted = false;
        try {
            beganNanos = context.scheduler.nanoTime();
        } catch (Throwable e) {
            context.protection.abandoned(counter().load(), trial());
            counter().release();
            leaveAllServers();
            throw e;
        }
        int attempts = attempts() + 1;
        STATE.setRelease(this, attempts << 1 | UNDER_WAY);
        if (context.listeners != null) {
            tellBegun(context.listeners, server, attempts);
        }
        if (attempts > FIRST) {
            return new LaterAttempt(this, server, attempts);
        }
        first = server;
        return this;
    }

    private static void tellBegun(AttemptListeners listeners, Server server, int attempts) {
        if (attempts > FIRST) {
            listeners.tell(l -> l.retried(server));
        }
        listeners.tell(l -> l.attemptBegan(server));
    }

    private NoServer.Reason reason() {
        Snapshot snapshot = snapshot();
        if (!snapshot.membership().isKnown()) {
            return NoServer.Reason.POOL_UNKNOWN;
        }
        if (poolBusy()) {
            return NoServer.Reason.POOL_BUSY;
        }
        if (snapshot.table() == RoutingTable.EMPTY) {
            return NoServer.Reason.MEMBERSHIP_REFUSED;
        }
        if (snapshot.table().members().stream().noneMatch(m -> m.weight() > 0)) {
            return NoServer.Reason.POOL_EMPTY;
        }
        if (busy()) {
            return NoServer.Reason.ALL_BUSY;
        }
        return attempts() > 0 ? NoServer.Reason.ALL_TRIED : NoServer.Reason.NONE_READY;
    }

    private NoServer none(NoServer.Reason reason) {
        return context.noServer(reason);
    }

    @Override
    public int attempts() {
        return plainState() >> 1;
    }

    @Override
    public Key key() {
        return key;
    }

    @Override
    public Server server() {
        if (first == null) {
            throw new IllegalStateException("no attempt has begun");
        }
        return first;
    }

    @Override
    public int number() {
        return FIRST;
    }

    @Override
    public void responded() {
        responded(FIRST);
    }

    @Override
    public void succeeded() {
        succeeded(FIRST);
    }

    @Override
    public void failed(Failure failure) {
        failed(FIRST, failure);
    }

    @Override
    public void abandoned() {
        abandoned(FIRST);
    }

    @Override
    public boolean ended() {
        return ended(FIRST);
    }

    /** What stands in {@link #state} while this attempt is under way. */
    private static int underWay(int number) {
        return number << 1 | UNDER_WAY;
    }

    public boolean ended(int number) {
        return state != underWay(number);
    }

    public void responded(int number) {
        Server server = current;
        if (!responded && !ended(number) && server != null) {
            responded = true;
            respondedNanos = context.scheduler.nanoTime();
            long nanos = respondedNanos - beganNanos;
            counter().responded(nanos, respondedNanos);
            if (trial() != 0) {
                context.protection.answered(server, counter().load(), trial(), respondedNanos);
            }
            if (context.listeners != null) {
                context.listeners.tell(l -> l.responded(server, Duration.ofNanos(nanos)));
            }
        }
    }

    /** Counts in the window of its first byte, which spares a look at the clock. */
    public void succeeded(int number) {
        Server server = current;
        LoadCounter counter = counter();
        int trial = trial();
        long began = beganNanos;
        if (!end(number) || server == null) {
            return;
        }
        if (context.protection.watchesTraffic()) {
            long now = responded ? respondedNanos : context.scheduler.nanoTime();
            if (counter.releaseWell(now)) {
                context.protection.succeeded(server, counter, trial, now);
            }
        } else {
            counter.release();
        }
        if (context.listeners != null) {
            context.listeners.tell(l -> l.succeeded(server, since(began)));
        }
        context.freed();
    }

    public void failed(int number, Failure failure) {
        Server server = current;
        LoadCounter counter = counter();
        int trial = trial();
        long began = beganNanos;
        if (!end(number) || server == null) {
            return;
        }
        freesARetry = failure == Failure.CONNECT || failure == Failure.DISCONNECT;
        counter.release();
        context.protection.failed(server, counter.load(), trial, began, failure);
        if (context.listeners != null) {
            context.listeners.tell(l -> l.failed(server, failure, since(began)));
        }
        context.freed();
    }

    public void abandoned(int number) {
        Server server = current;
        LoadCounter counter = counter();
        int trial = trial();
        long began = beganNanos;
        if (!end(number) || server == null) {
            return;
        }
        freesARetry = true;
        counter.release();
        context.protection.abandoned(counter.load(), trial);
        if (context.listeners != null) {
            context.listeners.tell(l -> l.abandoned(server, since(began)));
        }
        context.freed();
    }

    /**
     * Ends the attempt for whoever comes first; returns false to everyone else. What the caller needs of the attempt must be
     * read before: after it, the call's thread may begin another.
     */
    private boolean end(int number) {
        if (!STATE.compareAndSet(this, underWay(number), number << 1)) {
            return false;
        }
        leaveAllServers();
        return true;
    }

    /** Counts the attempt out of what all servers have in flight together. */
    private void leaveAllServers() {
        if (context.boundedLoad != null) {
            context.boundedLoad.release();
        }
        if (context.inFlightCap != null) {
            context.inFlightCap.leave();
        }
    }

    private Duration since(long began) {
        return Duration.ofNanos(context.scheduler.nanoTime() - began);
    }

    @Override
    public Picker picker(RoutingTable table) {
        return table.picker();
    }

    @Override
    public int pass(ServerLoad load) {
        return context.protection.pass(load);
    }

    @Override
    public void giveBack(ServerLoad load, int trialNumber) {
        context.protection.abandoned(load, trialNumber);
    }

    @Override
    LoadCounter.Admission enter(LoadCounter counter, long limit) {
        return counter.tryAcquire(limit);
    }

    @Override
    public boolean enterPool(InFlightCap cap, LoadCounter counter) {
        if (cap.tryEnter()) {
            return true;
        }
        counter.release();
        return false;
    }

    @Override
    public void took(LoadCounter counter, int index) {
        remember(counter, index);
    }

    @Override
    public void passedBy(int index, SkipReason reason) {
        Server server = snapshot().server(index);
        if (context.listeners != null && server != null) {
            context.listeners.tell(l -> l.skipped(server, reason));
        }
    }
}
