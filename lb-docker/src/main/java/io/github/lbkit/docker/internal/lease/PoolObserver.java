package io.github.lbkit.docker.internal.lease;

import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.supervised.Launched;
import io.github.lbkit.api.pool.supervised.LauncherListener;
import io.github.lbkit.api.pool.supervised.PoolState;
import io.github.lbkit.docker.internal.container.ContainerLauncher;
import io.github.lbkit.docker.internal.engine.Engine;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a pool that another process owns: its containers are the servers, and nothing is changed. Ends by itself when
 * the lease is free, or has stood still for long enough. Confined to its scheduler.
 */
final class PoolObserver {
    private static final Logger LOG = LoggerFactory.getLogger(PoolObserver.class);
    private static final String NUMBER = "lbkit.number";

    private final Engine engine;
    private final Lease lease;
    private final ContainerLauncher launcher;
    private final Scheduler scheduler;
    private final LeaseTimes times;
    private final Sink sink;
    private Lease.Foreign foreign;
    private long movedNanos;
    private long seenNanos;
    private long looks;
    private boolean looking;
    private boolean again;
    private boolean over;
    private Map<String, Server> servers = Map.of();

    /** Where what is seen goes. */
    interface Sink {
        /** These are the servers now. */
        void show(List<Server> servers);

        /** This happened. */
        void happened(PoolEvent event);

        /** Nobody owns the pool any more; its owner left this state, if any. */
        void free(Optional<PoolState> left);
    }

    PoolObserver(
            Engine engine,
            Lease lease,
            Lease.Foreign foreign,
            ContainerLauncher launcher,
            Scheduler scheduler,
            LeaseTimes times,
            Sink sink) {
        this.engine = engine;
        this.lease = lease;
        this.foreign = foreign;
        this.launcher = launcher;
        this.scheduler = scheduler;
        this.times = times;
        this.sink = sink;
        movedNanos = scheduler.nanoTime();
        seenNanos = movedNanos;
    }

    void begin() {
        Subscription unused = launcher.watch(new LauncherListener() {
            @Override
            public void exited(String id, long generation, String detail) {
                scheduler.execute(() -> down(id, generation));
            }

            @Override
            public void changed() {
                scheduler.execute(PoolObserver.this::look);
            }

            @Override
            public void streamReopened(String reason, Duration silence) {
                scheduler.execute(() -> sink.happened(new PoolEvent.StreamReopened(reason, silence)));
            }
        });
        look();
        tick();
    }

    /** Which servers the owner wants, in order of joining, as far as it has said. */
    List<String> desired() {
        return foreign.desired();
    }

    String owner() {
        return foreign.holder();
    }

    Duration age() {
        return Duration.ofNanos(Math.max(0, scheduler.nanoTime() - seenNanos));
    }

    private void tick() {
        scheduler.schedule(times.lookEvery(), () -> {
            if (!over) {
                look();
                tick();
            }
        });
    }

    /** What one look has found. */
    private record Seen(Optional<Lease.Foreign> lease, List<Launched> instances) {}

    private void look() {
        if (over) {
            return;
        }
        if (looking) {
            again = true;
            return;
        }
        looking = true;
        String id = foreign.id();
        long count = ++looks;
        var unused = engine.run(() -> {
                    lease.await(id, count);
                    return lease.look();
                })
                .thenCombine(launcher.list(), Seen::new)
                .whenComplete((seen, e) -> scheduler.execute(() -> {
                    looking = false;
                    if (over) {
                        return;
                    }
                    if (e == null) {
                        seen(seen);
                    } else {
                        LOG.debug("the pool's containers cannot be looked at", e);
                        // an engine that does not answer proves nothing of the holder
                        movedNanos = scheduler.nanoTime();
                    }
                    if (again) {
                        again = false;
                        look();
                    }
                }));
    }

    private void seen(Seen seen) {
        long now = scheduler.nanoTime();
        seenNanos = now;
        show(seen.instances());
        if (seen.lease().isEmpty()) {
            free("it was given back");
            return;
        }
        Lease.Foreign newest = seen.lease().get();
        boolean moved = !newest.id().equals(foreign.id()) || !newest.content().equals(foreign.content());
        foreign = newest;
        if (moved) {
            movedNanos = now;
        }
        if (newest.isReleased()) {
            free("its holder has given it back");
        } else if (!moved && newest.isOrphan()) {
            free("its holder is gone");
        } else if (!moved && now - movedNanos >= times.staleAfter().toNanos()) {
            over = true;
            var unused = engine.run(() -> {
                        lease.remove(newest.id());
                        return newest;
                    })
                    .whenComplete((value, e) -> scheduler.execute(() ->
                            free("it stood still for " + times.staleAfter().toMillis() + " ms")));
        }
    }

    private void free(String why) {
        over = true;
        LOG.info("the lease of {} is free: {}", foreign.holder(), why);
        sink.free(foreign.state());
    }

    private void show(List<Launched> instances) {
        Map<String, Launched> newest = new LinkedHashMap<>();
        instances.stream()
                .sorted(Comparator.comparingLong(Launched::generation))
                .forEach(one -> {
                    Launched before = newest.get(one.id());
                    if (before == null || one.instance().isPresent()) {
                        newest.put(one.id(), one);
                    }
                });
        Map<String, Server> shown = new TreeMap<>();
        newest.forEach((id, one) -> shown.put(id, server(one)));
        servers = shown;
        sink.show(List.copyOf(shown.values()));
    }

    private Server server(Launched one) {
        Map<String, String> labels =
                one.labels().containsKey(NUMBER) ? Map.of(NUMBER, one.labels().getOrDefault(NUMBER, "")) : Map.of();
        Server bare = Server.starting(one.id()).withLabels(labels);
        boolean leaves = !foreign.desired().isEmpty() && !foreign.desired().contains(one.id());
        Server.State state = leaves ? Server.State.DRAINING : Server.State.READY;
        return one.instance()
                .map(instance -> bare.withInstance(state, instance))
                .orElseGet(() -> bare.withState(leaves ? Server.State.DRAINING : Server.State.DOWN));
    }

    private void down(String id, long generation) {
        Server server = servers.get(id);
        if (!over && server != null && runs(server, generation)) {
            servers = new TreeMap<>(servers);
            servers.put(id, server.withoutInstance(Server.State.DOWN));
            sink.show(List.copyOf(servers.values()));
        }
        look();
    }

    private static boolean runs(Server server, long generation) {
        return server.instance().filter(i -> i.generation() == generation).isPresent();
    }

    void close() {
        over = true;
        launcher.close();
    }
}
