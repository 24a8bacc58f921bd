package io.github.lbkit.testkit;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Runtimes;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

// begin
/** A pool whose servers are what a supplier says, asked once a second. Thread-safe. */
final class PolledPool implements ServerPool {
    private final Supplier<List<Server>> source;
    private final Scheduler scheduler;
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();
    private final Set<Listening> subscriptions = ConcurrentHashMap.newKeySet();
    private volatile Membership membership = Membership.UNKNOWN; // written by the scheduler's thread

    PolledPool(Runtimes runtimes, Supplier<List<Server>> source) {
        this.source = source;
        scheduler = runtimes.scheduler("polled-pool");
        scheduler.execute(this::poll);
    }

    private void poll() {
        scheduler.schedule(Duration.ofSeconds(1), this::poll);
        Membership next = membership.next(source.get());
        if (!membership.isKnown() || !next.servers().equals(membership.servers())) {
            membership = next;
            ready.complete(next);
            subscriptions.forEach(scheduler::execute);
        }
    }

    /** One listener; run on the scheduler's thread, it tells the newest membership unless it has told it already. */
    private final class Listening implements Subscription, Runnable {
        private final PoolListener listener;
        private long told;

        Listening(PoolListener listener) {
            this.listener = listener;
        }

        @Override
        public void run() {
            Membership now = membership;
            if (now.version() > told && subscriptions.contains(this)) {
                told = now.version();
                listener.changed(now);
            }
        }

        @Override
        public void close() {
            subscriptions.remove(this);
        }
    }

    @Override
    public Subscription subscribe(PoolListener listener) {
        Listening subscription = new Listening(listener);
        subscriptions.add(subscription);
        scheduler.execute(subscription);
        return subscription;
    }

    @Override
    public CompletionStage<Membership> ready() {
        return ready.copy();
    }

    @Override
    public Membership membership() {
        return membership;
    }

    @Override
    public String name() {
        return "polled";
    }

    @Override
    public void close() {
        scheduler.close();
        ready.completeExceptionally(new IllegalStateException("the pool is closed"));
    }
}
// end
