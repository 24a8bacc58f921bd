package io.github.lbkit.docker.internal.lease;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.pool.spi.PendingAnswers;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.container.ContainerLauncher;
import io.github.lbkit.docker.internal.container.ContainerRemoval;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of containers that several processes may open and one process owns. This process supervises the pool while it
 * holds the lease, and observes it while another process does. Thread-safe.
 */
public final class SharedPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedPool.class);
    private static final long CLOSE_SECONDS = 20;

    private final SupervisedOptions supervised;
    private final PoolResources resources;
    private final OwnerElection election;
    private final PendingAnswers answers = new PendingAnswers(this::closedException);
    private final CompletableFuture<Void> allClosed = new CompletableFuture<>();

    /** Written by the first thread that closes the pool, read by all threads that request a change. */
    private volatile boolean closed;

    private SharedPool(PoolContext context, DockerOptions options, SupervisedOptions supervised, LeaseTimes times) {
        this.supervised = supervised;
        resources = PoolResources.open(context, options, times);
        election = new OwnerElection(resources, context, options, supervised);
    }

    /** Opens the pool and begins the election of its owner. */
    public static SharedPool open(
            PoolContext context, DockerOptions options, SupervisedOptions supervised, LeaseTimes times) {
        SharedPool pool = new SharedPool(context, options, supervised, times);
        pool.election.start();
        return pool;
    }

    /**
     * Carries out a change if this process owns the pool. The result is published before the returned stage completes.
     */
    public <T> CompletionStage<T> change(Function<SupervisedPool, CompletionStage<T>> change) {
        CompletableFuture<T> answer = answers.awaited();
        if (closed) {
            answer.completeExceptionally(closedException());
            return answer;
        }
        MembershipPublisher publisher = resources.publisher();
        CompletableFuture<T> changed = election.decided().thenCompose(role -> {
            SupervisedPool owned = role.owned();
            return owned == null
                    ? CompletableFuture.<T>failedFuture(
                            new PoolChangeRefusedException(role.refusal(), role.refusalMessage()))
                    : change.apply(owned)
                            .whenComplete((value, e) -> resources.scheduler().execute(() -> publisher.update(owned)));
        });
        var unused = changed.whenComplete((value, e) -> resources
                .scheduler()
                .execute(() -> publisher.notifier.afterwards(() -> PendingAnswers.relay(changed, answer))));
        return answer;
    }

    /**
     * Returns the spec with the id of the image that its image name refers to now. An image with {@code pull=always} is
     * pulled.
     */
    public CompletionStage<LaunchSpec> resolve(LaunchSpec spec) {
        if (!(spec instanceof DockerOptions wanted)) {
            return CompletableFuture.completedFuture(spec);
        }
        return resources.engine().run(() -> {
            try {
                return resources.images().resolve(wanted, true);
            } catch (EngineException.NotFound none) {
                throw new PoolChangeRefusedException(Reason.BAD_SPEC, "pool " + name() + ": " + none.getMessage());
            }
        });
    }

    /** Resolves the image of this spec and carries out a rollout of the result. */
    public CompletionStage<PoolChange> rollOut(
            LaunchSpec spec, BiFunction<SupervisedPool, LaunchSpec, CompletionStage<PoolChange>> rollout) {
        return change(owned -> resolve(spec).thenCompose(resolved -> rollout.apply(owned, resolved)));
    }

    /** The options of the containers. */
    public DockerOptions options() {
        return election.options();
    }

    /** The spec of each serving server by the server's id; empty if this process does not own the pool. */
    public Map<String, String> specs() {
        SupervisedPool owned = election.role().owned();
        return owned != null ? owned.specs() : Map.of();
    }

    /** The image id of each server's container by the server's id; empty if this process does not own the pool. */
    public Map<String, String> imageIds() {
        ContainerLauncher launcher = election.launcher();
        return launcher != null ? launcher.imageIds() : Map.of();
    }

    private PoolChangeRefusedException closedException() {
        return new PoolChangeRefusedException(Reason.CLOSED, "pool " + name() + " is closed");
    }

    /** The health checks that balancers make of the servers. */
    public Optional<HealthChecks> healthChecks() {
        return supervised.readiness();
    }

    /** The spec that a revert would roll out; empty if this process does not own the pool. */
    public Optional<LaunchSpec> revertsTo() {
        SupervisedPool owned = election.role().owned();
        return owned != null ? owned.revertsTo() : Optional.empty();
    }

    /** The pool's name. */
    public String name() {
        return resources.name();
    }

    /** The newest snapshot. */
    public Membership membership() {
        return resources.publisher().membership();
    }

    /** Returns a stage that completes with the first known membership. */
    public CompletionStage<Membership> ready() {
        return resources.publisher().ready();
    }

    /** Registers a listener. */
    public Subscription subscribe(PoolListener listener) {
        return resources.publisher().notifier.subscribe(listener);
    }

    /** The time since the engine last reported the containers. */
    public Duration age() {
        PoolRole role = election.role();
        SupervisedPool owned = role.owned();
        PoolObserver observer = role.observer();
        return owned != null ? owned.age() : observer != null ? observer.age() : election.undecidedFor();
    }

    /** The ids of the desired servers. */
    public List<String> desired() {
        PoolRole role = election.role();
        SupervisedPool owned = role.owned();
        PoolObserver observer = role.observer();
        return owned != null ? owned.desired() : observer != null ? observer.desired() : supervised.servers();
    }

    /** The maximum number of desired servers. */
    public int maxServers() {
        return supervised.maxServers();
    }

    /** The process that owns the pool; empty unless it is another process. */
    public Optional<String> owner() {
        return Optional.ofNullable(election.role().observer()).map(PoolObserver::owner);
    }

    /** Registers a task that runs once everything is closed. */
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
        PoolRole last = election.end();
        if (last.owned() != null) {
            closeOwned(last.owned());
        }
        if (last.observer() != null) {
            last.observer().close();
        }
        await(
                "the lease was not released, so that the next owner will wait for it",
                resources.engine().run(() -> {
                    resources.lease().release();
                    return resources.lease();
                }));
        resources.close(closedException());
        answers.close();
        allClosed.complete(null);
    }

    private void closeOwned(SupervisedPool owned) {
        Optional<String> next = election.waitingProcess();
        if (next.isPresent()) {
            LOG.info("pool {}: its servers run on, since {} takes over", name(), next.get());
            var unused = owned.closing(SupervisedOptions.OnClose.KEEP);
        }
        owned.close();
        if (next.isEmpty() && supervised.onClose() == SupervisedOptions.OnClose.STOP) {
            // the supervised pool waits a few seconds only; an engine may need longer for many containers
            await(
                    "its containers were not all removed",
                    ContainerRemoval.removeAll(resources.engine(), name(), resources.lease()));
        }
    }

    private void await(String failure, CompletionStage<?> stage) {
        try {
            var unused = stage.toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("pool {}: {}", name(), failure, e);
        }
    }
}
