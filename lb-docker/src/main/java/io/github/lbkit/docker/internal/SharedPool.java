package io.github.lbkit.docker.internal;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolChangeRefusedException;
import io.github.lbkit.api.PoolChangeRefusedException.Reason;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.pool.spi.PendingAnswers;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.EngineException;
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
 * A pool of containers that several processes may open, and one owns: this one supervises it while it has the lease, and
 * follows it while another has. Thread-safe.
 */
public final class SharedPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedPool.class);
    private static final long CLOSE_SECONDS = 20;

    private final String name;
    private final SupervisedOptions supervised;
    private final Tenure tenure;
    private final PendingAnswers answers = new PendingAnswers(this::closedException);
    private final CompletableFuture<Void> allClosed = new CompletableFuture<>();

    /** Written by whoever closes it first, read by whoever asks for a change. */
    private volatile boolean closed;

    private SharedPool(PoolContext context, DockerOptions options, SupervisedOptions supervised, LeaseTimes times) {
        name = context.name();
        this.supervised = supervised;
        tenure = new Tenure(context, options, supervised, times);
    }

    /** Opens the pool, which begins to find out who owns it. */
    public static SharedPool open(
            PoolContext context, DockerOptions options, SupervisedOptions supervised, LeaseTimes times) {
        SharedPool pool = new SharedPool(context, options, supervised, times);
        pool.tenure.begin();
        return pool;
    }

    /** Carries out a change if this process owns the pool; what comes of it is seen before it is answered. */
    public <T> CompletionStage<T> change(Function<SupervisedPool, CompletionStage<T>> change) {
        CompletableFuture<T> answer = answers.awaited();
        if (closed) {
            answer.completeExceptionally(closedException());
            return answer;
        }
        CompletableFuture<T> changed = tenure.decided().thenCompose(decided -> {
            SupervisedPool owned = decided.owned();
            return owned == null
                    ? CompletableFuture.<T>failedFuture(
                            new PoolChangeRefusedException(decided.reason(), decided.whyNot()))
                    : change.apply(owned)
                            .whenComplete((value, e) -> tenure.scheduler.execute(() -> tenure.front.look(owned)));
        });
        var unused = changed.whenComplete((value, e) -> tenure.scheduler.execute(
                () -> tenure.front.notifier.afterwards(() -> PendingAnswers.relay(changed, answer))));
        return answer;
    }

    /**
     * The spec as it would be rolled out now: with the id of what the name of its image stands for. An image that is always
     * pulled is pulled.
     */
    public CompletionStage<LaunchSpec> resolve(LaunchSpec spec) {
        if (!(spec instanceof DockerOptions wanted)) {
            return CompletableFuture.completedFuture(spec);
        }
        return tenure.engine.run(() -> {
            try {
                return tenure.lease.images().resolved(wanted, true);
            } catch (EngineException.NotFound none) {
                throw new PoolChangeRefusedException(Reason.BAD_SPEC, "pool " + name() + ": " + none.getMessage());
            }
        });
    }

    /** Carries out a rollout of this spec, once its image is resolved. */
    public CompletionStage<PoolChange> rollOut(
            LaunchSpec spec, BiFunction<SupervisedPool, LaunchSpec, CompletionStage<PoolChange>> rollout) {
        return change(owned -> resolve(spec).thenCompose(resolved -> rollout.apply(owned, resolved)));
    }

    /** What containers are made of. */
    public DockerOptions options() {
        return tenure.options();
    }

    /** What each server that serves was made of, as far as this process knows. */
    public Map<String, String> specs() {
        SupervisedPool owned = tenure.now().owned();
        return owned != null ? owned.specs() : Map.of();
    }

    /** The id of the image of each server's container, by the server's id, if this process owns the pool. */
    public Map<String, String> imageIds() {
        ContainerLauncher launcher = tenure.launcher();
        return launcher != null ? launcher.imageIds() : Map.of();
    }

    private PoolChangeRefusedException closedException() {
        return new PoolChangeRefusedException(Reason.CLOSED, "pool " + name() + " is closed");
    }

    /** The health checks that balancers make of the servers. */
    public Optional<HealthChecks> healthChecks() {
        return supervised.readiness();
    }

    /** What a revert would roll out, if this process owns the pool. */
    public Optional<LaunchSpec> revertsTo() {
        SupervisedPool owned = tenure.now().owned();
        return owned != null ? owned.revertsTo() : Optional.empty();
    }

    /** The pool's name. */
    public String name() {
        return name;
    }

    /** The newest snapshot. */
    public Membership membership() {
        return tenure.front.membership();
    }

    /** Completes with the first that says something. */
    public CompletionStage<Membership> ready() {
        return tenure.front.ready();
    }

    /** Follows the pool. */
    public Subscription subscribe(PoolListener listener) {
        return tenure.front.notifier.subscribe(listener);
    }

    /** How long ago the engine last said what there is. */
    public Duration age() {
        Tenure.Role present = tenure.now();
        SupervisedPool owned = present.owned();
        Follower follower = present.follower();
        return owned != null ? owned.age() : follower != null ? follower.age() : tenure.age();
    }

    /** The ids of the desired servers. */
    public List<String> desired() {
        Tenure.Role present = tenure.now();
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
        return Optional.ofNullable(tenure.now().follower()).map(Follower::owner);
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
        Tenure.Role last = tenure.end();
        if (last.owned() != null) {
            Optional<String> next = tenure.whoWaits();
            if (next.isPresent()) {
                LOG.info("pool {}: its servers run on, since {} takes over", name(), next.get());
                var unused = last.owned().closing(SupervisedOptions.OnClose.KEEP);
            }
            last.owned().close();
            if (next.isEmpty() && supervised.onClose() == SupervisedOptions.OnClose.STOP) {
                // the pool stops waiting after a few seconds; an engine takes its time for many containers
                await(
                        "its containers were not all removed",
                        new Removal(tenure.engine, new Containers(tenure.engine, name)).removeAll(tenure.lease));
            }
        }
        if (last.follower() != null) {
            last.follower().close();
        }
        await("the lease was not given back, so that the next owner will wait for it", tenure.engine.run(() -> {
            tenure.lease.release();
            return tenure.lease;
        }));
        tenure.engine.close();
        tenure.front.close(closedException());
        tenure.scheduler.close();
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
