package io.github.lbkit.docker.internal.lease;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.PoolState;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.container.ContainerLauncher;
import io.github.lbkit.docker.internal.container.Images;
import io.github.lbkit.docker.internal.engine.Causes;
import io.github.lbkit.docker.internal.engine.DoublingPauses;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The election of a shared pool's owner by the lease. The process with the lease supervises the pool; another process
 * observes it until the owner is gone. The role is decided on the pool's scheduler and can be read from any thread.
 */
final class OwnerElection {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerElection.class);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 3_000;

    private final PoolResources pool;
    private final PoolContext context;
    private final SupervisedOptions supervised;
    private final Scheduler scheduler;

    /**
     * The configured options, with the id of the image once it is resolved; written on the engine's threads, read by
     * all.
     */
    private volatile DockerOptions options;

    /** Completes when the role is decided; written on the scheduler, read by all. */
    private volatile CompletableFuture<PoolRole> decided = new CompletableFuture<>();

    /** Written on the scheduler, read by all. */
    private volatile PoolRole role = PoolRole.UNDECIDED;

    /** The launcher of the pool that this process owns; written on the scheduler, read by all. */
    private volatile @Nullable ContainerLauncher ownLauncher;

    /** The time since when the servers are unknown; written on the scheduler, read by all. */
    private volatile long undecidedSinceNanos;

    /** Written by the thread that closes the pool, read by all. */
    private volatile boolean closed;

    /** Confined to the scheduler. */
    private final DoublingPauses backoff = new DoublingPauses(FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);

    /** The reason that was logged last; confined to the scheduler. */
    private String loggedReason = "";

    OwnerElection(PoolResources pool, PoolContext context, DockerOptions options, SupervisedOptions supervised) {
        this.pool = pool;
        this.context = context;
        this.options = options;
        this.supervised = supervised;
        scheduler = pool.scheduler();
        undecidedSinceNanos = scheduler.nanoTime();
    }

    /** Begins the election. */
    void start() {
        scheduler.execute(this::elect);
    }

    /** The current role. */
    PoolRole role() {
        return role;
    }

    /** The launcher of the pool's containers; null if this process does not own the pool. */
    @Nullable
    ContainerLauncher launcher() {
        return ownLauncher;
    }

    /** Returns a future that completes with the role once it is decided. */
    CompletableFuture<PoolRole> decided() {
        return decided;
    }

    /** The options that were rolled out completely last. */
    DockerOptions options() {
        SupervisedPool owned = role.owned();
        return owned != null && owned.spec() instanceof DockerOptions rolledOut ? rolledOut : options;
    }

    /** The process that observes the pool and would take it over. */
    Optional<String> waitingProcess() {
        return pool.lease().waiting(pool.times().staleAfter().multipliedBy(3));
    }

    /** The time since when the servers are unknown; zero while this process is the owner or an observer. */
    Duration undecidedFor() {
        return role.isDecided()
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, scheduler.nanoTime() - undecidedSinceNanos));
    }

    private void elect() {
        if (closed) {
            return;
        }
        var unused = pool.engine()
                .run(this::acquire)
                .whenComplete((foreign, e) -> scheduler.execute(() -> {
                    if (closed) {
                        return;
                    }
                    if (e != null) {
                        retryLater(e);
                    } else if (foreign.isEmpty()) {
                        own();
                    } else if (foreign.get().configured().equals(pool.lease().configuredHash())) {
                        observe(foreign.get());
                    } else {
                        retryLater(new IllegalStateException("pool " + pool.name() + " is owned by "
                                + foreign.get().holder()
                                + ", whose servers have another spec; use another pool name,"
                                + " or the same spec"));
                    }
                }));
    }

    /** Takes the lease if it is free. The process that gets the lease resolves the name of the image once. */
    private Optional<ForeignLease> acquire() {
        Optional<ForeignLease> foreign = pool.lease().acquire();
        if (foreign.isEmpty()) {
            try {
                options = pool.images().resolve(options, false);
            } catch (EngineException.NotFound missing) {
                if (pool.lease().state().isEmpty()) {
                    throw missing;
                }
                // the image of the running or last rolled out spec may exist, and then the name is not needed
                LOG.warn("pool {}: {}", pool.name(), missing.getMessage());
                String current = pool.lease().state().get().specs().current();
                DockerOptions known = current.isEmpty() ? options : Images.recall(options, current);
                if (known.image().equals(options.image())) {
                    options = known;
                }
            }
        }
        return foreign;
    }

    private void retryLater(Throwable failure) {
        List<String> servers = pool.lease().state().map(PoolState::desired).orElse(supervised.servers());
        String reason = reason(failure);
        if (!reason.equals(loggedReason)) {
            loggedReason = reason;
            LOG.warn("pool {}: {}", pool.name(), reason);
            if (Causes.unwrap(failure)
                    instanceof EngineException.NotFound) { // a missing image, which waiting does not bring
                servers.forEach(id ->
                        pool.publisher().notifier.happened(new PoolEvent.LaunchFailed(new InstanceId(id, 0), reason)));
            }
        }
        if (!pool.publisher().membership().isKnown()) {
            pool.publisher()
                    .publish(servers.stream()
                            .map(id -> Server.starting(id).withState(Server.State.DOWN))
                            .toList());
        }
        pool.publisher().completeReady();
        setRole(PoolRole.undecided(reason));
        scheduler.schedule(Duration.ofMillis(backoff.next()), this::elect);
    }

    private static String reason(Throwable failure) {
        return String.valueOf(Causes.unwrap(failure).getMessage());
    }

    private void own() {
        backoff.reset();
        loggedReason = "";
        LOG.atInfo()
                .addKeyValue("event", "lease-taken")
                .addKeyValue("pool", pool.name())
                .log("pool {}: this process owns it", pool.name());
        ContainerLauncher launcher = pool.launcher(options);
        ownLauncher = launcher;
        SupervisedPool owned = SupervisedPool.open(context, launcher, supervised);
        setRole(PoolRole.owner(owned));
        pool.publisher().relay(owned);
        renew(owned);
    }

    private void renew(SupervisedPool owned) {
        if (closed) {
            return;
        }
        var unused = pool.engine()
                .run(() -> {
                    pool.lease().renew();
                    return owned;
                })
                .whenComplete((value, e) -> scheduler.execute(() -> {
                    if (pool.lease().lost() && !closed) {
                        LOG.warn("pool {}: {}; a new owner is elected", pool.name(), reason(e));
                        pool.publisher().endRelay();
                        ownLauncher = null;
                        var unusedClosing = owned.closing(SupervisedOptions.OnClose.KEEP);
                        setRole(PoolRole.UNDECIDED);
                        elect();
                    } else {
                        if (e != null) {
                            LOG.debug("pool {}: the lease is not renewed", pool.name(), e);
                        }
                        scheduler.schedule(pool.times().renewInterval(), () -> renew(owned));
                    }
                }));
    }

    private void observe(ForeignLease foreign) {
        backoff.reset();
        loggedReason = "";
        LOG.warn(
                "pool {} is owned by {}: this process follows it read-only, and takes over when the owner is gone",
                pool.name(),
                foreign.holder());
        ContainerLauncher launcher = pool.launcher(options);
        PoolObserver observer = new PoolObserver(pool, foreign, launcher, new PoolObserver.Listener() {
            @Override
            public void observed(List<Server> servers) {
                pool.publisher().publish(servers);
                pool.publisher().completeReady();
            }

            @Override
            public void happened(PoolEvent event) {
                pool.publisher().notifier.happened(event);
            }

            @Override
            public void leaseFree(Optional<PoolState> stored) {
                launcher.close();
                // the observed servers stay, even if this process is configured for another number of servers
                pool.lease()
                        .inherit(stored.map(
                                state -> new PoolState(supervised.servers(), state.desired(), state.specs())));
                setRole(PoolRole.UNDECIDED);
                elect();
            }
        });
        setRole(PoolRole.observer(
                observer,
                "pool " + pool.name() + " is owned by " + foreign.holder() + "; this process follows it read-only"));
        observer.start();
    }

    private void setRole(PoolRole newRole) {
        if (role.isDecided() && !newRole.isDecided()) {
            undecidedSinceNanos = scheduler.nanoTime();
        }
        role = newRole;
        boolean isKnown = !newRole.equals(PoolRole.UNDECIDED);
        if (decided.isDone()) {
            decided = isKnown ? CompletableFuture.completedFuture(newRole) : new CompletableFuture<>();
        } else if (isKnown) {
            decided.complete(newRole);
        }
    }

    /** Ends the election and returns the last role. */
    PoolRole end() {
        closed = true;
        return role;
    }
}
