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
import io.github.lbkit.api.explain.SkipReason;
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
 * A call with its search, its cursor and its first attempt in one object: nearly every call ends with the first attempt
 * and costs one allocation. The fields of an attempt describe the newest attempt; earlier attempts have ended.
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
     * The number of begun attempts, and whether the newest is under way. The call's thread begins an attempt. Any
     * thread may end the attempt by compare-and-set, so that each attempt ends once.
     */
    private volatile int state;

    private long beganNanos;

    /** The time of the first byte of the newest attempt's response, if {@link #responded}. */
    private long respondedNanos;

    private boolean responded;
    private boolean freesARetry;
    private boolean freeRetryUsed;

    /** True if the retry budget was charged for the next attempt already. */
    private boolean retryGranted;

    /** Begins a call on this snapshot. */
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
        Pick pick = search();
        if (pick instanceof NoServer none) {
            context.tell(none);
        }
        return pick;
    }

    /** Returns whether the call belongs to the balancer with this context. */
    public boolean belongsTo(CallContext other) {
        return context == other;
    }

    /**
     * Returns the next server as {@link #next} does, from the start of the newest snapshot, without telling listeners
     * that there is none.
     */
    public Pick nextAnew() {
        restartAtNewest();
        return search();
    }

    private Pick search() {
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
        } catch (Throwable e) { // thrown by the policy's picker; fails this call alone
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

    /**
     * Returns whether a retry is allowed. The first retry after a lost server is free; the budget is charged for all
     * others.
     */
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

    /** Returns the value of {@link #state} while this attempt is under way. */
    private static int underWay(int number) {
        return number << 1 | UNDER_WAY;
    }

    /** Returns whether the attempt of this number has ended. */
    boolean ended(int number) {
        return state != underWay(number);
    }

    /** Records the first byte of the response to the attempt of this number. */
    void responded(int number) {
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

    /**
     * Ends the attempt of this number as successful. Counts in the part of the window of the first byte, which saves a
     * read of the clock.
     */
    void succeeded(int number) {
        Server server = current;
        LoadCounter counter = counter();
        int trial = trial();
        long began = beganNanos;
        if (!end(number) || server == null) {
            return;
        }
        if (context.protection.watchesTraffic()) {
            long now = responded ? respondedNanos : context.scheduler.nanoTime();
            if (counter.releaseSuccessful(now)) {
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

    /** Ends the attempt of this number as failed. */
    void failed(int number, Failure failure) {
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

    /** Ends the attempt of this number as abandoned. */
    void abandoned(int number) {
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
     * Ends the attempt; returns false if another thread has ended it. The caller must read the attempt's data before,
     * since the call's thread may begin another attempt afterwards.
     */
    private boolean end(int number) {
        if (!STATE.compareAndSet(this, underWay(number), number << 1)) {
            return false;
        }
        leaveAllServers();
        return true;
    }

    /** Releases the attempt's place in the counts of all servers together. */
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
    Picker picker(RoutingTable table) {
        return table.picker();
    }

    @Override
    int pass(ServerLoad load) {
        return context.protection.pass(load);
    }

    @Override
    void giveBack(ServerLoad load, int trialNumber) {
        context.protection.abandoned(load, trialNumber);
    }

    @Override
    LoadCounter.Admission enter(LoadCounter counter, long limit) {
        return counter.tryAcquire(limit);
    }

    @Override
    boolean enterPool(InFlightCap cap, LoadCounter counter) {
        if (cap.tryEnter()) {
            return true;
        }
        counter.release();
        return false;
    }

    @Override
    void onTaken(LoadCounter counter, int index) {
        remember(counter, index);
    }

    @Override
    void onSkipped(int index, SkipReason reason) {
        Server server = snapshot().server(index);
        if (context.listeners != null && server != null) {
            context.listeners.tell(l -> l.skipped(server, reason));
        }
    }
}
