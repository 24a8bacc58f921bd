package com.example.custompool;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.spi.Notifier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

// begin
/** A pool that polls a supplier of servers once per second. Thread-safe. */
public final class SuppliedPool implements ServerPool {
    private final Supplier<List<Server>> source;
    private final Scheduler scheduler;
    private final Notifier notifier;
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();

    /** Opens the pool, which polls its supplier at once. */
    public SuppliedPool(Runtimes runtimes, Supplier<List<Server>> source) {
        this.source = source;
        scheduler = runtimes.scheduler("supplied-pool");
        notifier = new Notifier(name(), scheduler);
        scheduler.execute(this::poll);
    }

    private void poll() {
        scheduler.schedule(Duration.ofSeconds(1), this::poll);
        Membership next = membership().next(source.get());
        if (!membership().isKnown() || !next.servers().equals(membership().servers())) {
            notifier.publish(next);
            ready.complete(next);
        }
    }

    public String name() { return "supplied"; }
    public Membership membership() { return notifier.membership(); }
    public CompletionStage<Membership> ready() { return ready.copy(); }
    public Subscription subscribe(PoolListener listener) { return notifier.subscribe(listener); }

    public void close() {
        notifier.close();
        scheduler.close();
        ready.completeExceptionally(new IllegalStateException("the pool is closed"));
    }
}
// end
