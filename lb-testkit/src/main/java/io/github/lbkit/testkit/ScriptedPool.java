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
 * A pool whose memberships, drains and events a test publishes. Listeners run inside the calls of the test, in the
 * order of subscription. Not thread-safe, except {@link #membership}.
 *
 * <pre>{@code
 * ScriptedPool pool = new ScriptedPool("orders");
 * pool.publish(Server.ready("a", new Instance("a-1", Address.of("127.0.0.1", 9001), 1)));
 * }</pre>
 */
public final class ScriptedPool implements ServerPool {
    private final String name;
    private final List<PoolListener> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Membership> ready = new CompletableFuture<>();
    private volatile Membership membership = Membership.UNKNOWN;

    /** Creates a pool whose membership is unknown. */
    public ScriptedPool(String name) {
        this.name = name;
    }

    /** Publishes the next version of the membership, with these servers. */
    public Membership publish(Server... servers) {
        membership = membership.next(List.of(servers));
        ready.complete(membership);
        listeners.forEach(l -> l.changed(membership));
        return membership;
    }

    /** Asks every listener to release the instance of a server; completes with the sum of their results. */
    public CompletableFuture<DrainResult> release(Server server, Duration within) {
        CompletableFuture<DrainResult> sum = CompletableFuture.completedFuture(DrainResult.NOTHING);
        for (PoolListener listener : listeners) {
            sum = sum.thenCombine(listener.release(server, within), DrainResult::plus);
        }
        return sum;
    }

    /** Reports an event to every listener. */
    public void report(PoolEvent event) {
        listeners.forEach(l -> l.happened(event));
    }

    /** The number of open subscriptions. */
    public int subscriptions() {
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
