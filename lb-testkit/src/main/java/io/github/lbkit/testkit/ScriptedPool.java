package io.github.lbkit.testkit;

import io.github.lbkit.api.DrainResult;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A pool whose servers are what a test says: listeners are called inside the test's own calls, in order. Not
 * thread-safe, but for {@link #membership}.
 */
public final class ScriptedPool implements ServerPool {
    private final String name;
    private final List<PoolListener> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();
    private volatile Membership membership = Membership.UNKNOWN;

    /** A pool that knows nothing yet. */
    public ScriptedPool(String name) {
        this.name = name;
    }

    /** Publishes the next version, with these servers. */
    public Membership publish(Server... servers) {
        membership = membership.next(List.of(servers));
        ready.complete(membership);
        listeners.forEach(l -> l.changed(membership));
        return membership;
    }

    /** Asks every listener to let go of this server's instance; completes with the sum of their answers. */
    public CompletableFuture<DrainResult> release(Server server, Duration within) {
        CompletableFuture<DrainResult> sum = CompletableFuture.completedFuture(DrainResult.NOTHING);
        for (PoolListener listener : listeners) {
            sum = sum.thenCombine(listener.release(server, within), DrainResult::plus);
        }
        return sum;
    }

    /** Tells every listener. */
    public void happen(PoolEvent event) {
        listeners.forEach(l -> l.happened(event));
    }

    /** How many subscriptions are open. */
    public int listening() {
        return listeners.size();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Membership membership() {
        return membership;
    }

    @Override
    public CompletionStage<Membership> ready() {
        return ready;
    }

    @Override
    public Subscription subscribe(PoolListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        listeners.clear();
    }
}
