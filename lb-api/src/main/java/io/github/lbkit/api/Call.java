package io.github.lbkit.api;

import io.github.lbkit.api.health.RetryBudget;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One request's way through the balancer: the servers it tries, each at most once. Confined to one thread at a time;
 * never blocks, takes no lock.
 */
public final class Call {
    private final LoadBalancer balancer;
    private final Key key;
    private final Cursor cursor;
    private Snapshot snapshot;
    private @Nullable Attempt current;
    private ServerLoad[] tried = new ServerLoad[2];
    private int attempts;
    private boolean sawBusy;
    private boolean sawWarming;
    private boolean trial;
    private boolean freeRetryUsed;

    Call(LoadBalancer balancer, Key key, Snapshot snapshot) {
        this.balancer = balancer;
        this.key = key;
        this.snapshot = snapshot;
        this.cursor = new Cursor(balancer.random);
        if (balancer.retryBudget != null) {
            balancer.retryBudget.request();
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
        for (boolean refreshed = false; ; refreshed = true) {
            Attempt attempt = walk(false);
            if (attempt == null && sawWarming) {
                cursor.restart();
                attempt = walk(true);
            }
            if (attempt != null) {
                return attempt;
            }
            Snapshot newest = balancer.snapshot();
            if (refreshed || newest == snapshot) {
                return noServer(reason());
            }
            snapshot = newest;
            cursor.restart();
            sawBusy = false;
            sawWarming = false;
        }
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
        if (!freeRetryUsed && current != null && current.lostItsServer()) {
            freeRetryUsed = true;
            return true;
        }
        return budget.tryRetry(balancer.scheduler.nanoTime());
    }

    private @Nullable Attempt walk(boolean warmingToo) {
        Snapshot held = snapshot;
        Picker picker = held.table.picker();
        for (int index; (index = picker.next(key, cursor, held)) >= 0; ) {
            Server server = held.servers[index];
            ServerLoad load = held.loads[index];
            SkipReason skip = admit(held, index, warmingToo);
            if (skip == null && server != null && load != null) {
                return begin(server, load);
            }
            sawBusy |= skip == SkipReason.AT_CAPACITY;
            sawWarming |= skip == SkipReason.WARMING_UP;
            if (balancer.listener != null && server != null && skip != null) {
                balancer.listener.tell(l -> l.skipped(server, skip));
            }
        }
        return null;
    }

    /** All filters, in order; null means that the attempt was admitted and counts as in flight from here. */
    private @Nullable SkipReason admit(Snapshot held, int index, boolean warmingToo) {
        Server server = held.servers[index];
        ServerLoad load = held.loads[index];
        SkipReason fixed = Filters.fixed(server, load, held.overrides[index]);
        if (fixed != null || load == null) {
            return fixed;
        }
        if (wasTried(load)) {
            return SkipReason.TRIED;
        }
        Protection protection = balancer.protection;
        TrafficHealth.Pass pass = protection.pass(load.health);
        if (pass == TrafficHealth.Pass.NO) {
            return SkipReason.EJECTED;
        }
        trial = pass == TrafficHealth.Pass.AS_TRIAL;
        SkipReason skip = !warmingToo && !trial && protection.isWarming(load.health) && !takesWhileWarming(held, load)
                ? SkipReason.WARMING_UP
                : acquire(load);
        if (skip != null) {
            protection.abandoned(load.health, trial);
        }
        return skip;
    }

    private boolean takesWhileWarming(Snapshot held, ServerLoad load) {
        long draw = held.table.byKey() ? cursor.keyHash() : cursor.random();
        return balancer.protection.takes(load.health, draw);
    }

    private @Nullable SkipReason acquire(ServerLoad load) {
        return switch (load.tryAcquire(balancer.maxInFlightPerServer)) {
            case ADMITTED -> null;
            case CLOSED -> SkipReason.NOT_READY;
            case FULL -> SkipReason.AT_CAPACITY;
        };
    }

    private Attempt begin(Server server, ServerLoad load) {
        if (attempts == tried.length) {
            tried = Arrays.copyOf(tried, tried.length * 2);
        }
        tried[attempts++] = load;
        Attempt attempt = new Attempt(balancer, server, load, attempts, trial);
        current = attempt;
        return attempt;
    }

    private boolean wasTried(ServerLoad load) {
        for (int i = 0; i < attempts; i++) {
            if (tried[i] == load) {
                return true;
            }
        }
        return false;
    }

    private NoServer.Reason reason() {
        if (!snapshot.membership.isKnown()) {
            return NoServer.Reason.POOL_UNKNOWN;
        }
        if (snapshot.table.members().stream().noneMatch(m -> m.weight() > 0)) {
            return NoServer.Reason.POOL_EMPTY;
        }
        if (sawBusy) {
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
