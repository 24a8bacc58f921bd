package io.github.lbkit.api;

import io.github.lbkit.api.health.RetryBudget;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call, its walk, its cursor and its first attempt in one object, since nearly every call ends with its first attempt
 * and is to cost one allocation. What is kept of an attempt is that of the latest; the ones before have ended.
 */
final class OneCall extends Walk implements Call, Attempt {
    private static final int FIRST = 1;

    /** The server of the first attempt; null before. */
    private @Nullable Server first;

    /** The server of the latest attempt; null before the first. */
    private @Nullable Server current;

    private int attempts;
    private long beganNanos;

    /** When the latest attempt's first byte came, if it has. */
    private long respondedNanos;

    private boolean responded;
    private boolean ended = true;
    private boolean freesARetry;
    private boolean freeRetryUsed;

    /** Whether the next attempt has been paid for already. */
    private boolean retryGranted;

    OneCall(LoadBalancer balancer, Key key, Snapshot snapshot) {
        super(balancer, key, snapshot);
        RetryBudget budget = balancer.retryBudget;
        if (budget != null) {
            budget.request();
        }
        if (balancer.listener != null) {
            balancer.listener.tell(LoadBalancerListener::callBegan);
        }
    }

    @Override
    public Pick next() {
        Pick pick = look();
        if (pick instanceof NoServer none) {
            balancer.tell(none);
            if (balancer.inFlightCap != null) {
                balancer.freed(); // it may have held a place of the pool's while it looked
            }
        }
        return pick;
    }

    /** As {@link #next}, from the beginning of the newest snapshot, and telling nobody if there is none. */
    Pick nextAnew() {
        restartAtNewest();
        return look();
    }

    private Pick look() {
        if (current != null && !ended) {
            throw new IllegalStateException(
                    "the attempt on " + current.id() + " has not ended; end it before asking for another");
        }
        if (attempts >= balancer.maxAttempts) {
            return none(NoServer.Reason.ATTEMPTS_USED_UP);
        }
        if (balancer.closed()) {
            return none(NoServer.Reason.CLOSED);
        }
        if (attempts > 0 && !mayRetry()) {
            return none(NoServer.Reason.RETRY_BUDGET_EMPTY);
        }
        InFlightCap cap = balancer.inFlightCap;
        if (cap != null && !cap.tryEnter()) {
            return none(NoServer.Reason.POOL_BUSY);
        }
        int index = take();
        if (index < 0 && refresh()) {
            index = take();
        }
        if (index >= 0) {
            return begin(index);
        }
        if (cap != null) {
            cap.leave();
        }
        return none(reason());
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
        attempts++;
        current = server;
        ended = false;
        responded = false;
        retryGranted = false;
        beganNanos = balancer.scheduler.nanoTime();
        if (balancer.listener != null) {
            tellBegun(balancer.listener, server);
        }
        if (attempts > FIRST) {
            return new LaterAttempt(this, server, attempts);
        }
        first = server;
        return this;
    }

    private void tellBegun(AttemptListeners listeners, Server server) {
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
        if (snapshot.table.members().stream().noneMatch(m -> m.weight() > 0)) {
            return NoServer.Reason.POOL_EMPTY;
        }
        if (busy()) {
            return NoServer.Reason.ALL_BUSY;
        }
        return attempts > 0 ? NoServer.Reason.ALL_TRIED : NoServer.Reason.NONE_READY;
    }

    private NoServer none(NoServer.Reason reason) {
        return new NoServer(reason, balancer.retryAfter);
    }

    @Override
    public int attempts() {
        return attempts;
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

    boolean ended(int number) {
        return ended || number != attempts;
    }

    void responded(int number) {
        Server server = current;
        if (!responded && !ended(number) && server != null) {
            responded = true;
            respondedNanos = balancer.scheduler.nanoTime();
            long nanos = respondedNanos - beganNanos;
            stripe().responded(nanos, respondedNanos);
            if (balancer.listener != null) {
                balancer.listener.tell(l -> l.responded(server, Duration.ofNanos(nanos)));
            }
        }
    }

    /** Counts in the window of its first byte, which spares a look at the clock. */
    void succeeded(int number) {
        Server server = end(number);
        if (balancer.protection.watchesTraffic()) {
            long now = responded ? respondedNanos : balancer.scheduler.nanoTime();
            if (stripe().releaseWell(now)) {
                balancer.protection.succeeded(server, stripe(), trial(), now);
            }
        } else {
            stripe().release();
        }
        if (balancer.listener != null) {
            balancer.listener.tell(l -> l.succeeded(server, sinceBegin()));
        }
        balancer.freed();
    }

    void failed(int number, Failure failure) {
        Server server = end(number);
        stripe().release();
        freesARetry = failure == Failure.CONNECT || failure == Failure.DISCONNECT;
        balancer.protection.failed(server, stripe().load, trial(), failure);
        if (balancer.listener != null) {
            balancer.listener.tell(l -> l.failed(server, failure, sinceBegin()));
        }
        balancer.freed();
    }

    void abandoned(int number) {
        Server server = end(number);
        stripe().release();
        freesARetry = true;
        balancer.protection.abandoned(stripe().load, trial());
        if (balancer.listener != null) {
            balancer.listener.tell(l -> l.abandoned(server, sinceBegin()));
        }
        balancer.freed();
    }

    private Server end(int number) {
        Server server = current;
        if (ended(number) || server == null) {
            throw new IllegalStateException("attempt " + number + " of the call has already ended");
        }
        ended = true;
        if (balancer.boundedLoad != null) {
            balancer.boundedLoad.release();
        }
        if (balancer.inFlightCap != null) {
            balancer.inFlightCap.leave();
        }
        return server;
    }

    private Duration sinceBegin() {
        return Duration.ofNanos(balancer.scheduler.nanoTime() - beganNanos);
    }
}
