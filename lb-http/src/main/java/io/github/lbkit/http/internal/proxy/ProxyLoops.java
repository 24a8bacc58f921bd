package io.github.lbkit.http.internal.proxy;

import io.github.lbkit.api.LoadBalancer;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.http.StopReport;
import io.github.lbkit.http.internal.admission.Acceptor;
import io.github.lbkit.http.internal.admission.ClientConnections;
import io.github.lbkit.http.internal.loop.EventLoop;
import io.github.lbkit.http.internal.loop.Timer;
import io.github.lbkit.http.internal.upstream.ConnectionCaps;
import io.github.lbkit.http.internal.upstream.InstanceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All loops of a proxy: memberships, the stop, and requests between loops run on each loop concerned. Thread-safe. */
public final class ProxyLoops {
    private static final Duration MAX_STOP = Duration.ofDays(365);

    private final ConnectionCaps caps;
    private final Memberships memberships;

    /** Filled before the loops start. */
    private final List<ProxyLoop> loops = new ArrayList<>();

    /** The completion of the stop; null before a stop. Guarded by this. */
    private @Nullable CompletableFuture<StopReport> stopped;

    /**
     * Creates an empty set of loops whose connections to servers count together.
     *
     * @param tls TLS towards clients and servers
     */
    public ProxyLoops(ConnectionCaps caps, ProxyTls tls) {
        this.caps = caps;
        memberships = new Memberships(caps, new Memberships.Receiver() {
            @Override
            public void readyChanged(Set<InstanceKey> ready) {
                onEach(loop -> loop.upstreams().retain(ready));
            }

            @Override
            public void lost(InstanceKey instance) {
                onEach(loop -> loop.upstreams().lost(instance));
            }

            @Override
            public void left(InstanceKey instance) {
                onEach(loop -> loop.upstreams().left(instance));
            }

            @Override
            public void needsTls() {
                tls.servers().open(); // here, because no loop may wait for it
            }
        });
    }

    /** Adds a loop. Must be called before the loops start. */
    public void add(ProxyLoop loop) {
        loops.add(loop);
    }

    /** Returns the client connections of each loop. */
    public List<ClientConnections> clients() {
        return loops.stream().map(ProxyLoop::clients).toList();
    }

    /** Returns the number of requests in progress. */
    public int inFlight() {
        return loops.stream().mapToInt(loop -> loop.clients().inFlight()).sum();
    }

    /** Returns the number of tunnels. */
    public int tunnels() {
        return loops.stream().mapToInt(loop -> loop.clients().tunnels()).sum();
    }

    /** Returns the number of client connections. */
    public int clientConnections() {
        return loops.stream().mapToInt(loop -> loop.clients().connections()).sum();
    }

    /**
     * Requests that another loop closes an unused connection to an instance whose limit of connections is reached.
     *
     * @param answer called on the asking loop, with whether it has the permit for a connection now
     */
    public void reclaim(InstanceKey key, EventLoop asker, Consumer<Boolean> answer) {
        List<ProxyLoop> others =
                loops.stream().filter(each -> each.loop() != asker).toList();
        if (others.isEmpty()) {
            asker.defer(() -> answer.accept(false));
            return;
        }
        AtomicBoolean granted = new AtomicBoolean();
        AtomicInteger left = new AtomicInteger(others.size());
        for (ProxyLoop other : others) {
            other.loop().execute(() -> {
                if (!granted.get() && other.upstreams().closeOneUnused(key)) {
                    if (granted.compareAndSet(false, true)) {
                        asker.execute(() -> answer.accept(true));
                    } else {
                        caps.release(key); // another loop has granted a permit meanwhile
                    }
                } else if (left.decrementAndGet() == 0 && !granted.get()) {
                    asker.execute(() -> answer.accept(false));
                }
            });
        }
    }

    /** Follows the membership of one more balancer. Requests may be sent to the instances that any balancer knows. */
    public Subscription follow(LoadBalancer balancer) {
        return memberships.follow(balancer);
    }

    /**
     * Closes the listening sockets, then ends each client connection after a response that announces the end. Ends all
     * remaining connections at the deadline. After repeated calls, the earliest deadline counts.
     */
    public synchronized CompletableFuture<StopReport> stop(List<Acceptor> acceptors, Duration within) {
        CompletableFuture<StopReport> result = stopped;
        if (result == null) {
            result = finish(acceptors).thenCompose(closed -> stopEach());
            stopped = result;
        }
        EventLoop first = loops.get(0).loop();
        CompletableFuture<StopReport> awaited = result;
        first.execute(() -> {
            Timer deadline = new Timer(() -> stopNow(awaited));
            long nanos = within.compareTo(MAX_STOP) > 0 ? MAX_STOP.toNanos() : within.toNanos();
            first.timers().set(deadline, first.now() + nanos);
        });
        return result;
    }

    private static CompletableFuture<Void> finish(List<Acceptor> acceptors) {
        return CompletableFuture.allOf(acceptors.stream()
                .map(acceptor -> CompletableFuture.runAsync(acceptor::finish, acceptor.loop()))
                .toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<StopReport> stopEach() {
        CompletableFuture<StopReport> sum = CompletableFuture.completedFuture(new StopReport(0, 0));
        for (ProxyLoop each : loops) {
            each.loop().execute(each.clients()::stop);
            sum = sum.thenCombine(
                    each.stopped(), (a, b) -> new StopReport(a.finished() + b.finished(), a.cut() + b.cut()));
        }
        return sum;
    }

    private void stopNow(CompletableFuture<StopReport> awaited) {
        if (!awaited.isDone()) {
            onEach(loop -> loop.clients().stopNow());
        }
    }

    private void onEach(Consumer<ProxyLoop> task) {
        for (ProxyLoop each : loops) {
            each.loop().execute(() -> task.accept(each));
        }
    }
}
