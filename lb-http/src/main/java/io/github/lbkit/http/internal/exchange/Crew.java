package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceListener;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.http.StopReport;
import io.github.lbkit.http.internal.loop.Acceptor;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.upstream.ConnectionCaps;
import io.github.lbkit.http.internal.upstream.InstanceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All workers of a proxy, told together what concerns each of them, on its own loop. Thread-safe. */
public final class Crew implements InstanceListener {
    private static final Duration LONGEST = Duration.ofDays(365);

    private final ConnectionCaps caps;

    /** Filled before the loops start. */
    private final List<Worker> workers = new ArrayList<>();

    /** Completes when the last client has gone after a stop. Guarded by this. */
    private @Nullable CompletableFuture<StopReport> stopped;

    /** Workers whose connections to servers count together. */
    public Crew(ConnectionCaps caps) {
        this.caps = caps;
    }

    /** Takes a worker in; before the loops start. */
    public void add(Worker worker) {
        workers.add(worker);
    }

    /** The workers. */
    public List<Worker> workers() {
        return workers;
    }

    /** Requests in progress. */
    public int inFlight() {
        return workers.stream().mapToInt(Worker::inFlight).sum();
    }

    /** Connections of clients. */
    public int clientConnections() {
        return workers.stream().mapToInt(Worker::connections).sum();
    }

    /** Has every loop give up an unused connection to an instance that has as many as it may have. */
    public void starved(InstanceKey key) {
        onEach(worker -> worker.pool().closeOneIdle(key));
    }

    @Override
    public void membershipChanged(Membership before, Membership after, boolean newTable) {
        Set<InstanceKey> ready = InstanceKey.ready(after);
        caps.retain(InstanceKey.present(after));
        onEach(worker -> worker.pool().retain(ready));
    }

    @Override
    public void instanceLost(Server server, Instance instance) {
        InstanceKey key = InstanceKey.of(server, instance);
        onEach(worker -> worker.pool().lost(key));
    }

    /**
     * Stops to listen, then ends each client's connection when it is idle or answered, and at the deadline whatever is
     * left. Again: the earliest deadline counts.
     */
    public synchronized CompletableFuture<StopReport> stop(List<Acceptor> acceptors, Duration within) {
        CompletableFuture<StopReport> result = stopped;
        if (result == null) {
            result = closeAll(acceptors).thenCompose(closed -> stopEach());
            stopped = result;
        }
        Worker first = workers.get(0);
        CompletableFuture<StopReport> awaited = result;
        first.loop().execute(() -> {
            Timer deadline = new Timer(() -> cutAll(awaited));
            long nanos = within.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : within.toNanos();
            first.loop().timers().set(deadline, first.loop().now() + nanos);
        });
        return result;
    }

    private static CompletableFuture<Void> closeAll(List<Acceptor> acceptors) {
        return CompletableFuture.allOf(acceptors.stream()
                .map(acceptor -> CompletableFuture.runAsync(acceptor::close, acceptor.loop()))
                .toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<StopReport> stopEach() {
        CompletableFuture<StopReport> sum = CompletableFuture.completedFuture(new StopReport(0, 0));
        for (Worker worker : workers) {
            worker.loop().execute(worker::stop);
            sum = sum.thenCombine(
                    worker.stopped(), (a, b) -> new StopReport(a.finished() + b.finished(), a.cut() + b.cut()));
        }
        return sum;
    }

    private void cutAll(CompletableFuture<StopReport> awaited) {
        if (!awaited.isDone()) {
            onEach(Worker::cut);
        }
    }

    private void onEach(Consumer<Worker> task) {
        for (Worker worker : workers) {
            worker.loop().execute(() -> task.accept(worker));
        }
    }
}
