package io.github.lbkit.api;

import io.github.lbkit.api.health.RetryBudget;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call, its walk, its cursor and its first attempt in one object, since nearly every call ends with its first attempt
 * and is to cost one allocation. What is kept of an attempt is that of the latest; the ones before have ended.
 */
final class OneCall extends Walk implements Call, Attempt {
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

    OneCall(LoadBalancer balancer, Key key, Snapshot snapshot) {
        super(balancer, key, snapshot, true);
        RetryBudget budget = balancer.retryBudget;
        if (budget != null) {
            budget.request();
        }
        if (balancer.listener != null) {
            balancer.listener.tell(LoadBalancerListener::callBegan);
        }
    }

    private static VarHandle state() {
        try {
            return MethodHandles.lookup().findVarHandle(OneCall.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public Pick next() {
        Pick pick = look();
        if (pick instanceof NoServer none) {
            balancer.tell(none);
        }
        return pick;
    }

    /** As {@link #next}, from the beginning of the newest snapshot, and telling nobody if there is none. */
    Pick nextAnew() {
        restartAtNewest();
        return look();
    }

    private Pick look() {
        int begun = plainState();
        if ((begun & UNDER_WAY) != 0) {
            throw new IllegalStateException("attempt " + attempts() + " of the call, on server " + currentId()
                    + ", has not ended; end it before asking for another");
        }
        if (begun >> 1 >= balancer.maxAttempts) {
            return none(NoServer.Reason.ATTEMPTS_USED_UP);
        }
        if (balancer.closed()) {
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
            balancer.pickFailed(snapshot().table.picker(), e);
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
        RetryBudget budget = balancer.retryBudget;
        if (budget == null || retryGranted) {
            return true;
        }
        if (!freeRetryUsed && freesARetry) {
            freeRetryUsed = true;
            retryGranted = true;
        } else {
            retryGranted = budget.tryRetry(balancer.scheduler.nanoTime());
        }
        return retryGranted;
    }

    private Attempt begin(int index) {
        Server server = snapshot().servers[index];
        if (server == null) {
            throw new IllegalStateException("a candidate without a server was taken");
        }
        current = server;
        responded = false;
        retryGranted = false;
        try {
            beganNanos = balancer.scheduler.nanoTime();
        } catch (Throwable e) {
            balancer.protection.abandoned(stripe().load, trial());
            stripe().release();
            leaveAllServers();
            throw e;
        }
        int attempts = attempts() + 1;
        STATE.setRelease(this, attempts << 1 | UNDER_WAY);
        if (balancer.listener != null) {
            tellBegun(balancer.listener, server, attempts);
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
        if (!snapshot.membership.isKnown()) {
            return NoServer.Reason.POOL_UNKNOWN;
        }
        if (poolBusy()) {
            return NoServer.Reason.POOL_BUSY;
        }
        if (snapshot.table == Snapshot.Table.EMPTY) {
            return NoServer.Reason.MEMBERSHIP_REFUSED;
        }
        if (snapshot.table.members().stream().noneMatch(m -> m.weight() > 0)) {
            return NoServer.Reason.POOL_EMPTY;
        }
        if (busy()) {
            return NoServer.Reason.ALL_BUSY;
        }
        return attempts() > 0 ? NoServer.Reason.ALL_TRIED : NoServer.Reason.NONE_READY;
    }

    private NoServer none(NoServer.Reason reason) {
        return new NoServer(reason, balancer.retryAfter);
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

    boolean ended(int number) {
        return state != underWay(number);
    }

    void responded(int number) {
        Server server = current;
        if (!responded && !ended(number) && server != null) {
            responded = true;
            respondedNanos = balancer.scheduler.nanoTime();
            long nanos = respondedNanos - beganNanos;
            stripe().responded(nanos, respondedNanos);
            if (trial() != 0) {
                balancer.protection.answered(server, stripe().load, trial(), respondedNanos);
            }
            if (balancer.listener != null) {
                balancer.listener.tell(l -> l.responded(server, Duration.ofNanos(nanos)));
            }
        }
    }

    /** Counts in the window of its first byte, which spares a look at the clock. */
    void succeeded(int number) {
        Server server = current;
        Stripe stripe = stripe();
        int trial = trial();
        long began = beganNanos;
        if (!end(number) || server == null) {
            return;
        }
        if (balancer.protection.watchesTraffic()) {
            long now = responded ? respondedNanos : balancer.scheduler.nanoTime();
            if (stripe.releaseWell(now)) {
                balancer.protection.succeeded(server, stripe, trial, now);
            }
        } else {
            stripe.release();
        }
        if (balancer.listener != null) {
            balancer.listener.tell(l -> l.succeeded(server, since(began)));
        }
        balancer.freed();
    }

    void failed(int number, Failure failure) {
        Server server = current;
        Stripe stripe = stripe();
        int trial = trial();
        long began = beganNanos;
        if (!end(number) || server == null) {
            return;
        }
        freesARetry = failure == Failure.CONNECT || failure == Failure.DISCONNECT;
        stripe.release();
        balancer.protection.failed(server, stripe.load, trial, began, failure);
        if (balancer.listener != null) {
            balancer.listener.tell(l -> l.failed(server, failure, since(began)));
        }
        balancer.freed();
    }

    void abandoned(int number) {
        Server server = current;
        Stripe stripe = stripe();
        int trial = trial();
        long began = beganNanos;
        if (!end(number) || server == null) {
            return;
        }
        freesARetry = true;
        stripe.release();
        balancer.protection.abandoned(stripe.load, trial);
        if (balancer.listener != null) {
            balancer.listener.tell(l -> l.abandoned(server, since(began)));
        }
        balancer.freed();
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
        if (balancer.boundedLoad != null) {
            balancer.boundedLoad.release();
        }
        if (balancer.inFlightCap != null) {
            balancer.inFlightCap.leave();
        }
    }

    private Duration since(long began) {
        return Duration.ofNanos(balancer.scheduler.nanoTime() - began);
    }

    @Override
    Picker picker(Snapshot.Table table) {
        return table.picker();
    }

    @Override
    int pass(ServerLoad load) {
        return balancer.protection.pass(load);
    }

    @Override
    void giveBack(ServerLoad load, int trialNumber) {
        balancer.protection.abandoned(load, trialNumber);
    }

    @Override
    Stripe.Admission enter(Stripe stripe, long limit) {
        return stripe.tryAcquire(limit);
    }

    @Override
    boolean enterPool(InFlightCap cap, Stripe stripe) {
        if (cap.tryEnter()) {
            return true;
        }
        stripe.release();
        return false;
    }

    @Override
    void took(Stripe stripe, int index) {
        remember(stripe, index);
    }

    @Override
    void passedBy(int index, SkipReason reason) {
        Server server = snapshot().servers[index];
        if (balancer.listener != null && server != null) {
            balancer.listener.tell(l -> l.skipped(server, reason));
        }
    }
}
