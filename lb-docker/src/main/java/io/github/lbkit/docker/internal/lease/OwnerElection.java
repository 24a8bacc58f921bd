package io.github.lbkit.docker.internal.lease;

import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.supervised.PoolState;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.container.ContainerLauncher;
import io.github.lbkit.docker.internal.container.Images;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.Engines;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process is to a pool that several may open: its owner, which supervises it while it has the lease, or a follower of
 * another, until that one is gone. Decided on the pool's scheduler; what it is, anyone may ask.
 */
final class OwnerElection {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerElection.class);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LAST_PAUSE_MILLIS = 3_000;

    final Engine engine;
    final Lease lease;
    final Scheduler scheduler;
    final MembershipPublisher front;
    private final PoolContext context;
    private final SupervisedOptions supervised;
    private final LeaseTimes times;

    /** What this process is configured with; written when the image is resolved, read by all. */
    private volatile DockerOptions options;

    /** Completes when it is decided who owns the pool; written on the scheduler, read by all. */
    private volatile CompletableFuture<Role> role = new CompletableFuture<>();

    /** What this process is to the pool; written on the scheduler, read by all. */
    private volatile Role now = Role.UNDECIDED;

    /** Launches the containers of the pool that this process owns; written on the scheduler, read by all. */
    private volatile @Nullable ContainerLauncher ownLauncher;

    /** Since when nobody says what there is; written on the scheduler, read by all. */
    private volatile long undecidedSinceNanos;

    /** Written by whoever closes the pool, read by all. */
    private volatile boolean closed;

    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private String complaint = "";

    /** What this process is to the pool: its owner, a follower of another, or neither yet. */
    record Role(@Nullable SupervisedPool owned, @Nullable PoolObserver follower, Reason reason, String whyNot) {
        static final Role UNDECIDED = new Role(null, null, Reason.NOT_OWNER, "it is not known yet who owns the pool");
    }

    OwnerElection(PoolContext context, DockerOptions options, SupervisedOptions supervised, LeaseTimes times) {
        this.context = context;
        this.options = options;
        this.supervised = supervised;
        this.times = times;
        engine = Engines.open(options.engine(), context);
        scheduler = context.runtimes().scheduler("pool-" + context.name() + "-lease");
        front = new MembershipPublisher(context.name(), scheduler);
        String me = ProcessIdentity.here() + " " + Long.toString(System.identityHashCode(this), 36)
                + Long.toString(scheduler.now().toEpochMilli(), 36);
        lease = new Lease(engine, new Images(engine), options, context.name(), me);
        undecidedSinceNanos = scheduler.nanoTime();
    }

    /** Begins to find out who owns the pool. */
    void begin() {
        scheduler.execute(this::decide);
    }

    /** What this process is to the pool now. */
    Role now() {
        return now;
    }

    /** What launches the pool's containers; null if this process does not own the pool. */
    @Nullable
    ContainerLauncher launcher() {
        return ownLauncher;
    }

    /** What it is, once that is decided. */
    CompletableFuture<Role> decided() {
        return role;
    }

    /** What was rolled out completely last. */
    DockerOptions options() {
        SupervisedPool owned = now.owned();
        return owned != null && owned.spec() instanceof DockerOptions settled ? settled : options;
    }

    /** The process that follows the pool and would take it over. */
    Optional<String> whoWaits() {
        return lease.waiting(times.staleAfter().multipliedBy(3));
    }

    /** How long ago it was known last what there is; zero where that is somebody else's to say. */
    Duration age() {
        return now.owned() != null || now.follower() != null
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, scheduler.nanoTime() - undecidedSinceNanos));
    }

    /** Begins to find out who owns the pool. */
    private void decide() {
        if (closed) {
            return;
        }
        var unused = engine.run(this::acquire)
                .whenComplete((foreign, e) -> scheduler.execute(() -> {
                    if (closed) {
                        return;
                    }
                    if (e != null) {
                        undecided(e);
                    } else if (foreign.isEmpty()) {
                        own();
                    } else if (foreign.get().configured().equals(lease.configured())) {
                        follow(foreign.get());
                    } else {
                        undecided(new IllegalStateException("pool " + context.name() + " is owned by "
                                + foreign.get().holder()
                                + ", whose servers are made of another spec; use another pool name,"
                                + " or the same spec"));
                    }
                }));
    }

    /** Takes the lease if it is free; the name of the image is resolved by whoever comes to own the pool, once. */
    private Optional<Lease.Foreign> acquire() {
        Optional<Lease.Foreign> foreign = lease.acquire();
        if (foreign.isEmpty()) {
            try {
                options = lease.images().resolved(options, false);
            } catch (EngineException.NotFound none) {
                if (lease.state().isEmpty()) {
                    throw none;
                }
                // what runs, or was rolled out last, may be there; the name is needed for nothing then
                LOG.warn("pool {}: {}", context.name(), none.getMessage());
                String current = lease.state().get().specs().current();
                DockerOptions known = current.isEmpty() ? options : Images.recalled(options, current);
                if (known.image().equals(options.image())) {
                    options = known;
                }
            }
        }
        return foreign;
    }

    private void undecided(Throwable e) {
        List<String> servers = lease.state().map(PoolState::desired).orElse(supervised.servers());
        String reason = reason(e);
        if (!reason.equals(complaint)) {
            complaint = reason;
            LOG.warn("pool {}: {}", context.name(), reason);
            if (cause(e) instanceof EngineException.NotFound) { // no image: waiting alone does not help
                servers.forEach(
                        id -> front.notifier.happened(new PoolEvent.LaunchFailed(new InstanceId(id, 0), reason)));
            }
        }
        if (!front.membership().isKnown()) {
            front.show(servers.stream()
                    .map(id -> Server.starting(id).withState(Server.State.DOWN))
                    .toList());
        }
        front.begun();
        become(new Role(null, null, Reason.NOT_OWNER, reason));
        scheduler.schedule(Duration.ofMillis(pauseMillis), this::decide);
        pauseMillis = Math.min(LAST_PAUSE_MILLIS, pauseMillis * 2);
    }

    private static Throwable cause(Throwable e) {
        return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    }

    private static String reason(Throwable e) {
        return String.valueOf(cause(e).getMessage());
    }

    private void own() {
        pauseMillis = FIRST_PAUSE_MILLIS;
        complaint = "";
        LOG.atInfo()
                .addKeyValue("event", "lease-taken")
                .addKeyValue("pool", context.name())
                .log("pool {}: this process owns it", context.name());
        ContainerLauncher launcher = ContainerLauncher.owned(lease, options);
        ownLauncher = launcher;
        SupervisedPool owned = SupervisedPool.open(context, launcher, supervised);
        become(new Role(owned, null, Reason.CLOSED, ""));
        front.relay(owned);
        renew(owned);
    }

    private void renew(SupervisedPool owned) {
        if (closed) {
            return;
        }
        var unused = engine.run(() -> {
                    lease.renew();
                    return owned;
                })
                .whenComplete((value, e) -> scheduler.execute(() -> {
                    if (lease.lost() && !closed) {
                        LOG.warn("pool {}: {}; who owns it is found out anew", context.name(), reason(e));
                        front.unrelay();
                        ownLauncher = null;
                        var unusedClosing = owned.closing(SupervisedOptions.OnClose.KEEP);
                        become(Role.UNDECIDED);
                        decide();
                    } else {
                        if (e != null) {
                            LOG.debug("pool {}: the lease is not renewed", context.name(), e);
                        }
                        scheduler.schedule(times.renewEvery(), () -> renew(owned));
                    }
                }));
    }

    private void follow(Lease.Foreign foreign) {
        pauseMillis = FIRST_PAUSE_MILLIS;
        complaint = "";
        LOG.warn(
                "pool {} is owned by {}: this process follows it read-only, and takes over when the owner is gone",
                context.name(),
                foreign.holder());
        ContainerLauncher launcher = ContainerLauncher.owned(lease, options);
        PoolObserver follower = new PoolObserver(engine, lease, foreign, launcher, scheduler, times, new PoolObserver.Sink() {
            @Override
            public void show(List<Server> servers) {
                front.show(servers);
                front.begun();
            }

            @Override
            public void happened(PoolEvent event) {
                front.notifier.happened(event);
            }

            @Override
            public void free(Optional<PoolState> left) {
                launcher.close();
                // what was followed stays, also where this process would begin with another number of servers
                lease.inherit(left.map(state -> new PoolState(supervised.servers(), state.desired(), state.specs())));
                become(Role.UNDECIDED);
                decide();
            }
        });
        become(new Role(
                null,
                follower,
                Reason.NOT_OWNER,
                "pool " + context.name() + " is owned by " + foreign.holder() + "; this process follows it read-only"));
        follower.begin();
    }

    private void become(Role newRole) {
        boolean known = now.owned() != null || now.follower() != null;
        if (known && newRole.owned() == null && newRole.follower() == null) {
            undecidedSinceNanos = scheduler.nanoTime();
        }
        now = newRole;
        boolean decided = !newRole.equals(Role.UNDECIDED);
        if (role.isDone()) {
            role = decided ? CompletableFuture.completedFuture(newRole) : new CompletableFuture<>();
        } else if (decided) {
            role.complete(newRole);
        }
    }

    /** Nothing is decided any more; returns what this process was to the pool. */
    Role end() {
        closed = true;
        return now;
    }
}
