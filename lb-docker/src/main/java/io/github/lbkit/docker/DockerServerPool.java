package io.github.lbkit.docker;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.MembershipChange;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.RollingPool;
import io.github.lbkit.api.pool.supervised.RolloutOptions;
import io.github.lbkit.api.pool.supervised.SupervisedOptions;
import io.github.lbkit.api.pool.supervised.SupervisedPool;
import io.github.lbkit.docker.internal.lease.LeaseTimes;
import io.github.lbkit.docker.internal.lease.SharedPool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A pool whose servers are containers that it launches, watches, replaces and removes. Thread-safe.
 *
 * <ul>
 *   <li>A container that dies, is killed, removed or paused, runs out of memory, turns unhealthy or hangs is DOWN at once
 *       and replaced under the same id.
 *   <li>What an earlier owner of the pool left, however it ended, is adopted if it is of the same spec, and removed
 *       otherwise.
 *   <li>One process owns the pool. Another that opens a pool of this name on the same engine follows it read-only: its
 *       changes are refused, and it takes over with the servers that there are when the owner is gone.
 *   <li>An engine that is away, frozen or restarted empties no pool: the servers of before stay, and {@link #age} says
 *       how old that is. Whether they serve, health checks decide.
 * </ul>
 */
public final class DockerServerPool implements RollingPool {
    private final SharedPool pool;

    private DockerServerPool(SharedPool pool) {
        this.pool = pool;
    }

    /**
     * Opens the pool; the engine may be away when this is called.
     *
     * @param supervised how many servers there are, when they are ready, and what becomes of them
     * @throws IllegalArgumentException if the engine's address, or where it is configured, is wrong
     */
    public static DockerServerPool open(PoolContext context, DockerOptions options, SupervisedOptions supervised) {
        return open(context, options, supervised, LeaseTimes.USUAL);
    }

    static DockerServerPool open(
            PoolContext context, DockerOptions options, SupervisedOptions supervised, LeaseTimes times) {
        return new DockerServerPool(SharedPool.open(context, options, supervised, times));
    }

    /** Registers a task that runs once the pool is closed, such as closing the probes that the pool uses. */
    public void whenClosed(Runnable task) {
        pool.whenClosed(task);
    }

    /** Who owns the pool, if it is another process: its machine and its process id. */
    public Optional<String> owner() {
        return pool.owner();
    }

    @Override
    public String name() {
        return pool.name();
    }

    @Override
    public Membership membership() {
        return pool.membership();
    }

    @Override
    public CompletionStage<Membership> ready() {
        return pool.ready();
    }

    @Override
    public Subscription subscribe(PoolListener listener) {
        return pool.subscribe(listener);
    }

    @Override
    public Duration age() {
        return pool.age();
    }

    @Override
    public List<String> desired() {
        return pool.desired();
    }

    @Override
    public int maxServers() {
        return pool.maxServers();
    }

    @Override
    public CompletionStage<PoolChange> add(int count, List<String> ids) {
        return pool.change(owned -> owned.add(count, ids));
    }

    @Override
    public CompletionStage<PoolChange> remove(int count, List<String> ids) {
        return pool.change(owned -> owned.remove(count, ids));
    }

    @Override
    public CompletionStage<PoolChange> replace(String id) {
        return pool.change(owned -> owned.replace(id));
    }

    @Override
    public CompletionStage<PoolChange> resize(int desired) {
        return pool.change(owned -> owned.resize(desired));
    }

    @Override
    public CompletionStage<PoolChange> replaceAll() {
        return pool.change(ManagedServerPool::replaceAll);
    }

    @Override
    public CompletionStage<PoolChange> rollOut(LaunchSpec options) {
        return pool.rollOut(options, SupervisedPool::rollOut);
    }

    /**
     * {@inheritDoc}
     *
     * <p>What is rolled out are {@link DockerOptions}, another image above all. The engine stays the one that
     * the pool was opened with. The name of the image is resolved when the rollout begins, so that a name that
     * stands for another image than before is another spec.
     */
    @Override
    public CompletionStage<PoolChange> rollOut(LaunchSpec options, RolloutOptions how) {
        return pool.rollOut(options, (owned, resolved) -> owned.rollOut(resolved, how));
    }

    @Override
    public CompletionStage<PoolChange> revert() {
        return pool.change(SupervisedPool::revert);
    }

    /** Nothing as long as another process owns the pool. */
    @Override
    public Optional<LaunchSpec> revertsTo() {
        return pool.revertsTo();
    }

    /** The health checks of {@link SupervisedOptions.Builder#readiness}. */
    @Override
    public Optional<HealthChecks> healthChecks() {
        return pool.healthChecks();
    }

    /** Asks the engine which image the name stands for; refused if there is no such image. */
    @Override
    public CompletionStage<LaunchSpec> resolve(LaunchSpec options) {
        return pool.resolve(options);
    }

    /**
     * The {@link DockerOptions} that were rolled out completely last, at first those that the pool was opened with; with the
     * id of their image once this process owns the pool.
     */
    @Override
    public DockerOptions spec() {
        return pool.options();
    }

    /** Nothing as long as another process owns the pool. */
    @Override
    public Map<String, String> specs() {
        return pool.specs();
    }

    /**
     * The id of the image of each server's container, by the server's id, as the engine last said; more than one id means
     * that a rollout is under way or has stopped. Nothing as long as another process owns the pool.
     */
    public Map<String, String> imageIds() {
        return pool.imageIds();
    }

    @Override
    public CompletionStage<MembershipChange> preview(boolean adding, int count, List<String> ids) {
        return pool.change(owned -> owned.preview(adding, count, ids));
    }

    @Override
    public void close() {
        pool.close();
    }
}
