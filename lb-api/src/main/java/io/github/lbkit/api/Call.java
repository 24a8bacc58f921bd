package io.github.lbkit.api;

import io.github.lbkit.api.health.RetryBudget;
import org.jspecify.annotations.Nullable;

/**
 * One request's way through the balancer: the servers it tries, each at most once. Confined to one thread at a time;
 * never blocks, takes no lock.
 */
public final class Call extends Walk {
    private @Nullable Attempt current;
    private int attempts;
    private boolean freeRetryUsed;

    Call(LoadBalancer balancer, Key key, Snapshot snapshot) {
        super(balancer, key, snapshot);
        if (balancer.retryBudget != null) {
            balancer.retryBudget.request();
        }
        if (balancer.listener != null) {
            balancer.listener.tell(LoadBalancerListener::callBegan);
        }
    }

    /**
     * The next server to try. It skips what has left, drains or changed its instance since the call began, and looks
     * at the newest membership once when the candidates it knows are used up.
     *
     * @throws IllegalStateException if the attempt before has not ended
     */
    public Pick next() {
        if (current != null && !current.ended()) {
            throw new IllegalStateException(
                    "the attempt on " + current.server().id() + " has not ended; end it before asking for another");
        }
        if (attempts >= balancer.maxAttempts) {
            return noServer(NoServer.Reason.ATTEMPTS_USED_UP);
        }
        if (balancer.closed()) {
            return noServer(NoServer.Reason.CLOSED);
        }
        if (attempts > 0 && !mayRetry()) {
            return noServer(NoServer.Reason.RETRY_BUDGET_EMPTY);
        }
        BoundedLoad bound = balancer.boundedLoad;
        long total = bound == null ? 0 : bound.reserve();
        int index = take(total);
        if (index < 0 && refresh()) {
            index = take(total);
        }
        if (index >= 0) {
            return begin(index);
        }
        if (bound != null) {
            bound.release();
        }
        return noServer(reason());
    }

    /** How many attempts this call has begun. */
    public int attempts() {
        return attempts;
    }

    /** What the call is routed by. */
    public Key key() {
        return key;
    }

    /** A first retry after a server that was lost is free; every other one is the budget's. */
    private boolean mayRetry() {
        RetryBudget budget = balancer.retryBudget;
        if (budget == null) {
            return true;
        }
        if (!freeRetryUsed && current != null && current.freesARetry()) {
            freeRetryUsed = true;
            return true;
        }
        return budget.tryRetry(balancer.scheduler.nanoTime());
    }

    private Attempt begin(int index) {
        Server server = snapshot().servers[index];
        ServerLoad load = snapshot().loads[index];
        if (server == null || load == null) {
            throw new IllegalStateException("a candidate without a server was taken");
        }
        attempts++;
        if (attempts > 1 && balancer.listener != null) {
            balancer.listener.tell(l -> l.retried(server));
        }
        Attempt attempt = new Attempt(balancer, server, load, attempts, trial());
        current = attempt;
        return attempt;
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

    private NoServer noServer(NoServer.Reason reason) {
        NoServer none = new NoServer(reason, balancer.retryAfter);
        if (balancer.listener != null) {
            balancer.listener.tell(l -> l.noServer(none));
        }
        return none;
    }
}
