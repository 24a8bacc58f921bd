package io.github.lbkit.http.internal.exchange;

import io.github.lbkit.api.Instance;
import io.github.lbkit.api.InstanceListener;
import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.http.StopReport;
import io.github.lbkit.http.internal.loop.Acceptor;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.upstream.ConnectionCaps;
import io.github.lbkit.http.internal.upstream.InstanceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All workers of a proxy, told together what concerns each of them, on its own loop. Thread-safe. */
public final class Crew {
    private static final Logger LOG = LoggerFactory.getLogger(Crew.class);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final ConnectionCaps caps;

    /** Filled before the loops start. */
    private final List<Worker> workers = new ArrayList<>();

    /** One for each balancer. Guarded by this. */
    private final List<Ear> ears = new ArrayList<>();

    /** Instances that were told of because the proxy does not speak their protocol. Guarded by this. */
    private final Set<InstanceKey> unspoken = new HashSet<>();

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

    /** Has one of the other loops give up an unused connection to an instance that has as many as it may have. */
    public void reclaim(InstanceKey key, EventLoop asker, Consumer<Boolean> answer) {
        List<Worker> others =
                workers.stream().filter(worker -> worker.loop() != asker).toList();
        if (others.isEmpty()) {
            asker.defer(() -> answer.accept(false));
            return;
        }
        AtomicBoolean granted = new AtomicBoolean();
        AtomicInteger left = new AtomicInteger(others.size());
        for (Worker worker : others) {
            worker.loop().execute(() -> {
                if (!granted.get() && worker.pool().giveUpOneIdle(key)) {
                    if (granted.compareAndSet(false, true)) {
                        asker.execute(() -> answer.accept(true));
                    } else {
                        caps.giveBack(key); // another loop was as quick
                    }
                } else if (left.decrementAndGet() == 0 && !granted.get()) {
                    asker.execute(() -> answer.accept(false));
                }
            });
        }
    }

    /** Follows one more balancer: what any of those followed knows, may be talked to. */
    public Subscription follow(LoadBalancer balancer) {
        Ear ear = new Ear();
        synchronized (this) {
            ears.add(ear);
        }
        Subscription subscription = balancer.follow(ear);
        changed(ear, balancer.membership());
        return subscription;
    }

    private synchronized void changed(Ear ear, Membership newest) {
        if (newest.version() <= ear.membership.version()) {
            return;
        }
        ear.membership = newest;
        Set<InstanceKey> ready = new HashSet<>();
        Set<InstanceKey> present = new HashSet<>();
        tellUnspoken(InstanceKey.present(newest));
        for (Ear each : ears) {
            ready.addAll(InstanceKey.ready(each.membership));
            present.addAll(InstanceKey.present(each.membership));
        }
        caps.retain(present);
        unspoken.retainAll(present);
        onEach(worker -> worker.pool().retain(ready));
    }

    /** Tells once of each instance that speaks another protocol: no connection to it is ever made. */
    private void tellUnspoken(Set<InstanceKey> present) {
        for (InstanceKey key : present) {
            if (!key.isSpoken() && unspoken.add(key)) {
                LOG.warn("refused: {}", key.whyUnspoken());
            }
        }
    }

    /** What one balancer tells. */
    private final class Ear implements InstanceListener {
        /** Guarded by the crew. */
        private Membership membership = Membership.UNKNOWN;

        @Override
        public void membershipChanged(Membership before, Membership after, boolean newTable) {
            changed(this, after);
        }

        @Override
        public void instanceLost(Server server, Instance instance) {
            InstanceKey key = InstanceKey.of(server, instance);
            onEach(worker -> worker.pool().lost(key));
        }
    }

    /**
     * Stops to listen, then ends each client's connection after a response that announces the end, and at the deadline
     * whatever is left. Again: the earliest deadline counts.
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
                .map(acceptor -> CompletableFuture.runAsync(acceptor::finish, acceptor.loop()))
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
