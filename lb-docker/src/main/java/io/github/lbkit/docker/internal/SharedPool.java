package io.github.lbkit.docker.internal;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.PoolEvent;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.Answers;
import io.github.lbkit.api.pool.LaunchSpec;
import io.github.lbkit.api.pool.SupervisedOptions;
import io.github.lbkit.api.pool.SupervisedPool;
import io.github.lbkit.docker.DockerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of containers that several processes may open, and one owns: this one supervises it while it has the lease, and
 * follows it while another has. Thread-safe; who is what is decided on the pool's scheduler.
 */
public final class SharedPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedPool.class);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LAST_PAUSE_MILLIS = 3_000;
    private static final long CLOSE_SECONDS = 20;

    private final PoolContext context;
    private final SupervisedOptions supervised;
    private final LeaseTimes times;
    private final Engine engine;
    private final Lease lease;
    private final Scheduler scheduler;
    private final PoolFront front;

    /** Completes when it is decided who owns the pool; written on the scheduler, read by all. */
    private volatile CompletableFuture<Role> role = new CompletableFuture<>();

    /** What this process is to the pool; written on the scheduler, read by all. */
    private volatile Role now = Role.UNDECIDED;

    private final CompletableFuture<Void> allClosed = new CompletableFuture<>();
    private volatile boolean closed;

    private final Answers answers = new Answers(this::closedException);

    /** What containers are made of; written when a rollout is complete, read by all. */
    private volatile DockerOptions options;

    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private String complaint = "";

    /** What this process is to the pool: its owner, a follower of another, or neither yet. */
    private record Role(
            @Nullable SupervisedPool owned, @Nullable Follower follower, Reason reason, String whyNot) {
        static final Role UNDECIDED = new Role(null, null, Reason.NOT_OWNER, "it is not known yet who owns the pool");
    }

    private SharedPool(PoolContext context, DockerOptions options, SupervisedOptions supervised, LeaseTimes times) {
        this.context = context;
        this.options = options;
        this.supervised = supervised;
        this.times = times;
        engine = Engines.open(options.engine(), context);
        scheduler = context.runtimes().scheduler("pool-" + context.name() + "-lease");
        front = new PoolFront(context.name(), scheduler);
        String me = Holder.here() + " " + Long.toString(System.identityHashCode(this), 36)
                + Long.toString(scheduler.now().toEpochMilli(), 36);
        lease = new Lease(engine, new Images(engine), new ContainerSpec(options, context.name()), context.name(), me);
    }

    /** Opens the pool, which begins to find out who owns it. */
    public static SharedPool open(
            PoolContext context, DockerOptions options, SupervisedOptions supervised, LeaseTimes times) {
        SharedPool pool = new SharedPool(context, options, supervised, times);
        pool.scheduler.execute(() -> pool.decide(supervised.servers()));
        return pool;
    }

    /** Begins to find out who owns the pool; it had these servers, or shall have them. */
    private void decide(List<String> servers) {
        if (closed) {
            return;
        }
        var unused = engine.run(lease::acquire)
                .whenComplete((foreign, e) -> scheduler.execute(() -> {
                    if (closed) {
                        return;
                    }
                    if (e != null) {
                        undecided(servers, e);
                    } else if (foreign.isPresent()) {
                        follow(foreign.get());
                    } else {
                        own(servers);
                    }
                }));
    }

    private void undecided(List<String> servers, Throwable e) {
        Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        String reason = String.valueOf(cause.getMessage());
        if (!reason.equals(complaint)) {
            complaint = reason;
            LOG.warn("pool {}: {}", name(), reason);
        }
        if (!front.membership().isKnown()) {
            front.show(servers.stream()
                    .map(id -> Server.starting(id).withState(Server.State.DOWN))
                    .toList());
        }
        front.begun();
        become(new Role(null, null, Reason.NOT_OWNER, reason));
        scheduler.schedule(Duration.ofMillis(pauseMillis), () -> decide(servers));
        pauseMillis = Math.min(LAST_PAUSE_MILLIS, pauseMillis * 2);
    }

    private void own(List<String> servers) {
        pauseMillis = FIRST_PAUSE_MILLIS;
        complaint = "";
        ContainerLauncher launcher = ContainerLauncher.owned(lease, options);
        SupervisedPool owned = SupervisedPool.open(context, launcher, supervised.withServers(servers));
        Liveness liveness = options.liveness()
                .map(probe -> new Liveness(probe, scheduler, launcher, owned::membership))
                .orElse(null);
        if (liveness != null) {
            liveness.begin();
        }
        become(new Role(owned, null, Reason.CLOSED, ""));
        front.relay(owned);
        renew(owned, liveness);
    }

    private void renew(SupervisedPool owned, @Nullable Liveness liveness) {
        if (closed) {
            return;
        }
        var unused = engine.run(() -> {
                    lease.renew(owned::desired);
                    return owned;
                })
                .whenComplete((value, e) -> scheduler.execute(() -> {
                    if (lease.lost() && !closed) {
                        LOG.warn("pool {}: {}; it is followed from now on", name(), String.valueOf(e));
                        front.unrelay();
                        if (liveness != null) {
                            liveness.close();
                        }
                        var unusedClosing = owned.closing();
                        become(Role.UNDECIDED);
                        decide(owned.desired());
                    } else {
                        if (e != null) {
                            LOG.debug("pool {}: the lease is not renewed", name(), e);
                        }
                        scheduler.schedule(times.renewEvery(), () -> renew(owned, liveness));
                    }
                }));
    }

    private void follow(Lease.Foreign foreign) {
        pauseMillis = FIRST_PAUSE_MILLIS;
        complaint = "";
        LOG.warn(
                "pool {} is owned by {}: this process follows it read-only, and takes over when the owner is gone",
                name(),
                foreign.holder());
        ContainerLauncher launcher = ContainerLauncher.owned(lease, options);
        Follower follower = new Follower(engine, lease, foreign, launcher, scheduler, times, new Follower.Sink() {
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
            public void free(List<String> desired) {
                launcher.close();
                become(Role.UNDECIDED);
                decide(desired.isEmpty() ? supervised.servers() : desired);
            }
        });
        become(new Role(
                null,
                follower,
                Reason.NOT_OWNER,
                "pool " + name() + " is owned by " + foreign.holder() + "; this process follows it read-only"));
        follower.begin();
    }

    private void become(Role newRole) {
        now = newRole;
        boolean decided = !newRole.equals(Role.UNDECIDED);
        if (role.isDone()) {
            role = decided ? CompletableFuture.completedFuture(newRole) : new CompletableFuture<>();
        } else if (decided) {
            role.complete(newRole);
        }
    }

    /** Carries out a change if this process owns the pool; what comes of it is seen before it is answered. */
    public <T> CompletionStage<T> change(Function<SupervisedPool, CompletionStage<T>> change) {
        CompletableFuture<T> answer = answers.awaited();
        if (closed) {
            answer.completeExceptionally(closedException());
            return answer;
        }
        CompletableFuture<T> changed = role.thenCompose(decided -> {
            SupervisedPool owned = decided.owned();
            return owned == null
                    ? CompletableFuture.<T>failedFuture(
                            new PoolChangeRefusedException(decided.reason(), decided.whyNot()))
                    : change.apply(owned).whenComplete((value, e) -> scheduler.execute(() -> front.look(owned)));
        });
        var unused = changed.whenComplete(
                (value, e) -> scheduler.execute(() -> front.notifier.afterwards(() -> Answers.relay(changed, answer))));
        return answer;
    }

    /** Notes that servers are made of these options from now on, if the rollout is complete. */
    public CompletionStage<PoolChange> settled(LaunchSpec newOptions, CompletionStage<PoolChange> rollout) {
        return rollout.thenApply(rolledOut -> {
            if (rolledOut.complete() && newOptions instanceof DockerOptions containers) {
                options = containers;
            }
            return rolledOut;
        });
    }

    /** What containers are made of. */
    public DockerOptions options() {
        return options;
    }

    /** What each server that serves was made of, as far as this process knows. */
    public Map<String, String> specs() {
        SupervisedPool owned = now.owned();
        return owned != null ? owned.specs() : Map.of();
    }

    private PoolChangeRefusedException closedException() {
        return new PoolChangeRefusedException(Reason.CLOSED, "pool " + name() + " is closed");
    }

    /** The pool's name. */
    public String name() {
        return context.name();
    }

    /** The newest snapshot. */
    public Membership membership() {
        return front.membership();
    }

    /** Completes with the first that says something. */
    public CompletionStage<Membership> ready() {
        return front.ready();
    }

    /** Follows the pool. */
    public Subscription subscribe(PoolListener listener) {
        return front.notifier.subscribe(listener);
    }

    /** How long ago the engine last said what there is. */
    public Duration age() {
        Role present = now;
        SupervisedPool owned = present.owned();
        Follower follower = present.follower();
        return owned != null ? owned.age() : follower != null ? follower.age() : Duration.ZERO;
    }

    /** The ids of the desired servers. */
    public List<String> desired() {
        Role present = now;
        SupervisedPool owned = present.owned();
        Follower follower = present.follower();
        return owned != null ? owned.desired() : follower != null ? follower.desired() : supervised.servers();
    }

    /** The greatest number of desired servers. */
    public int maxServers() {
        return supervised.maxServers();
    }

    /** Who owns the pool, if another process does. */
    public Optional<String> owner() {
        return Optional.ofNullable(now.follower()).map(Follower::owner);
    }

    /** Runs this when everything is closed. */
    public void whenClosed(Runnable task) {
        var unused = allClosed.thenRun(task);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        Role last = now;
        if (last.owned() != null) {
            last.owned().close();
            if (supervised.onClose() == SupervisedOptions.OnClose.STOP) {
                // the pool stops waiting after a few seconds; an engine takes its time for many containers
                await(
                        "its containers were not all removed",
                        new Removal(engine, new Containers(engine, name())).removeAll(lease));
            }
        }
        if (last.follower() != null) {
            last.follower().close();
        }
        await("the lease was not given back, so that the next owner will wait for it", engine.run(() -> {
            lease.release();
            return lease;
        }));
        engine.close();
        front.close(closedException());
        scheduler.close();
        answers.close();
        allClosed.complete(null);
    }

    private void await(String otherwise, CompletionStage<?> stage) {
        try {
            var unused = stage.toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("pool {}: {}", name(), otherwise, e);
        }
    }
}
