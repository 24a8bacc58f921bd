package io.github.lbkit.docker.internal.lease;

import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.spi.PollLoop;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.LauncherListener;
import io.github.lbkit.api.pool.supervised.PoolState;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.docker.internal.container.ContainerLauncher;
import io.github.lbkit.docker.internal.follow.PollPauses;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The read-only observation of a pool that another process owns: the owner's containers are the servers. It ends when
 * the lease is free or was not renewed in time. Confined to the pool's scheduler.
 */
final class PoolObserver {
    private static final Logger LOG = LoggerFactory.getLogger(PoolObserver.class);
    private static final String NUMBER = "lbkit.number";

    private final PoolResources pool;
    private final ContainerLauncher launcher;
    private final Scheduler scheduler;
    private final Listener listener;
    private final PollLoop<Observation> loop;

    /** The lease as it was read last; written on the scheduler, read by all. */
    private volatile ForeignLease foreign;

    /** The time at which the lease changed last, or at which the engine failed to answer. */
    private long renewedNanos;

    /** The time of the last observation; written on the scheduler, read by all. */
    private volatile long observedNanos;

    private long polls;

    /** Written on the scheduler and when the pool is closed, read on the scheduler. */
    private volatile boolean over;

    private Map<String, Server> servers = Map.of();

    /** The receiver of what is observed; called on the scheduler. */
    interface Listener {
        /** Called with the servers after each observation. */
        void observed(List<Server> servers);

        /** Called for each event of the pool. */
        void happened(PoolEvent event);

        /** Called when the lease is free, with the state that the owner has stored. */
        void leaseFree(Optional<PoolState> stored);
    }

    private record Observation(Optional<ForeignLease> lease, List<LaunchedInstance> instances) {}

    PoolObserver(PoolResources pool, ForeignLease foreign, ContainerLauncher launcher, Listener listener) {
        this.pool = pool;
        this.foreign = foreign;
        this.launcher = launcher;
        this.listener = listener;
        scheduler = pool.scheduler();
        renewedNanos = scheduler.nanoTime();
        observedNanos = renewedNanos;
        Duration interval = pool.times().pollInterval();
        loop = new PollLoop<>(scheduler, new PollPauses(interval, interval), new Source());
    }

    void start() {
        Subscription unused = launcher.watch(new LauncherListener() {
            @Override
            public void exited(String id, long generation, String detail) {
                scheduler.execute(() -> markDown(id, generation));
            }

            @Override
            public void changed() {
                loop.hint();
            }

            @Override
            public void streamReopened(String reason, Duration silence) {
                scheduler.execute(() -> listener.happened(new PoolEvent.StreamReopened(reason, silence)));
            }
        });
        loop.hint();
    }

    /** The ids of the servers that the owner desires, in order of joining; empty if the owner has stored none. */
    List<String> desired() {
        return foreign.desired();
    }

    /** The process that owns the pool. */
    String owner() {
        return foreign.holder();
    }

    /** The time since the last observation. */
    Duration age() {
        return Duration.ofNanos(Math.max(0, scheduler.nanoTime() - observedNanos));
    }

    private final class Source implements PollLoop.Source<Observation> {
        @Override
        public CompletionStage<Observation> poll() {
            String id = foreign.id();
            long count = ++polls;
            return pool.engine()
                    .run(() -> {
                        pool.lease().await(id, count);
                        return pool.lease().read();
                    })
                    .thenCombine(launcher.list(), Observation::new);
        }

        @Override
        public void polled(Observation observation, long number) {
            if (!over) {
                evaluate(observation);
            }
        }

        @Override
        public void failed(Throwable failure, int failures) {
            LOG.debug("the pool's containers cannot be listed", failure);
            // an engine that does not answer proves nothing about the holder
            renewedNanos = scheduler.nanoTime();
        }
    }

    private void evaluate(Observation observation) {
        long now = scheduler.nanoTime();
        observedNanos = now;
        update(observation.instances());
        if (observation.lease().isEmpty()) {
            endObservation("it was removed");
            return;
        }
        ForeignLease newest = observation.lease().get();
        boolean renewed = !newest.id().equals(foreign.id()) || !newest.content().equals(foreign.content());
        foreign = newest;
        if (renewed) {
            renewedNanos = now;
        }
        Duration staleAfter = pool.times().staleAfter();
        if (newest.isReleased()) {
            endObservation("its holder has released it");
        } else if (!renewed && newest.isOrphan()) {
            endObservation("its holder has ended");
        } else if (!renewed && now - renewedNanos >= staleAfter.toNanos()) {
            over = true;
            loop.close();
            var unused = pool.engine()
                    .run(() -> {
                        pool.lease().remove(newest.id());
                        return newest;
                    })
                    .whenComplete((value, e) -> scheduler.execute(
                            () -> endObservation("it was not renewed for " + staleAfter.toMillis() + " ms")));
        }
    }

    private void endObservation(String reason) {
        over = true;
        loop.close();
        LOG.info("the lease of {} is free: {}", foreign.holder(), reason);
        listener.leaseFree(foreign.state());
    }

    private void update(List<LaunchedInstance> instances) {
        Map<String, LaunchedInstance> newest = new LinkedHashMap<>();
        instances.stream()
                .sorted(Comparator.comparingLong(LaunchedInstance::generation))
                .forEach(launched -> {
                    LaunchedInstance before = newest.get(launched.id());
                    if (before == null || launched.instance().isPresent()) {
                        newest.put(launched.id(), launched);
                    }
                });
        Map<String, Server> updated = new TreeMap<>();
        newest.forEach((id, launched) -> updated.put(id, toServer(launched)));
        servers = updated;
        listener.observed(List.copyOf(updated.values()));
    }

    private Server toServer(LaunchedInstance launched) {
        Map<String, String> labels = launched.labels().containsKey(NUMBER)
                ? Map.of(NUMBER, launched.labels().getOrDefault(NUMBER, ""))
                : Map.of();
        Server bare = Server.starting(launched.id()).withLabels(labels);
        boolean leaves = !foreign.desired().isEmpty() && !foreign.desired().contains(launched.id());
        Server.State state = leaves ? Server.State.DRAINING : Server.State.READY;
        return launched.instance()
                .map(instance -> bare.withInstance(state, instance))
                .orElseGet(() -> bare.withState(leaves ? Server.State.DRAINING : Server.State.DOWN));
    }

    private void markDown(String id, long generation) {
        Server server = servers.get(id);
        if (!over && server != null && hasGeneration(server, generation)) {
            servers = new TreeMap<>(servers);
            servers.put(id, server.withoutInstance(Server.State.DOWN));
            listener.observed(List.copyOf(servers.values()));
        }
        loop.hint();
    }

    private static boolean hasGeneration(Server server, long generation) {
        return server.instance().filter(i -> i.generation() == generation).isPresent();
    }

    void close() {
        over = true;
        loop.close();
        launcher.close();
    }
}
