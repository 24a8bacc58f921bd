package io.github.lbkit.docker;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.health.HealthChecks;
import io.github.lbkit.api.pool.spi.PoolContext;
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
 *   <li>A container that exits, is killed, removed or paused, runs out of memory, becomes unhealthy or hangs is DOWN at
 *       once and is replaced under the same id.
 *   <li>Containers of an earlier owner of the pool are adopted if they have the same spec, and removed otherwise.
 *   <li>One process owns the pool. Another process that opens a pool of this name on the same engine follows it
 *       read-only: its changes are refused. When the owner is gone it takes over the pool with the existing servers.
 *   <li>An engine that is stopped, stalled or restarted does not empty the pool: the servers stay, and {@link #age}
 *       tells how old this knowledge is. Health checks decide which servers serve.
 * </ul>
 *
 * <pre>{@code
 * PoolContext context = new PoolContext("shop", Runtimes.system(), Path.of("state"));
 * DockerServerPool pool = DockerServerPool.open(
 *         context,
 *         DockerOptions.image("shop:1.7", 8080).build(),
 *         SupervisedOptions.builder().servers(3).build());
 * }</pre>
 */
public final class DockerServerPool implements RollingPool {
    private final SharedPool pool;

    private DockerServerPool(SharedPool pool) {
        this.pool = pool;
    }

    /**
     * Opens the pool. The engine need not be running yet.
     *
     * @param supervised the number of servers, their readiness and their end
     * @throws IllegalArgumentException if the engine's address or its configuration is invalid
     */
    public static DockerServerPool open(PoolContext context, DockerOptions options, SupervisedOptions supervised) {
        return open(context, options, supervised, LeaseTimes.DEFAULTS);
    }

    static DockerServerPool open(
            PoolContext context, DockerOptions options, SupervisedOptions supervised, LeaseTimes times) {
        return new DockerServerPool(SharedPool.open(context, options, supervised, times));
    }

    /** Registers a task that runs once the pool is closed, such as closing the probes that the pool uses. */
    public void whenClosed(Runnable task) {
        pool.whenClosed(task);
    }

    /** The machine and the process id of the owner; empty unless another process owns the pool. */
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
     * <p>The spec must be {@link DockerOptions}, usually with another image. The engine stays the one with which the
     * pool was opened. The name of the image is resolved when the rollout begins. If it refers to another image than
     * before, the spec counts as changed.
     */
    @Override
    public CompletionStage<PoolChange> rollOut(LaunchSpec options, RolloutOptions how) {
        return pool.rollOut(options, (owned, resolved) -> owned.rollOut(resolved, how));
    }

    @Override
    public CompletionStage<PoolChange> revert() {
        return pool.change(SupervisedPool::revert);
    }

    /** The spec that a revert would roll out; empty while another process owns the pool. */
    @Override
    public Optional<LaunchSpec> revertsTo() {
        return pool.revertsTo();
    }

    /** The health checks of {@link SupervisedOptions.Builder#readiness}. */
    @Override
    public Optional<HealthChecks> healthChecks() {
        return pool.healthChecks();
    }

    /** Asks the engine for the id of the image; refused if there is no such image. */
    @Override
    public CompletionStage<LaunchSpec> resolve(LaunchSpec options) {
        return pool.resolve(options);
    }

    /**
     * The {@link DockerOptions} that were rolled out completely last; before the first rollout those with which the
     * pool was opened. They have the id of their image once this process owns the pool.
     */
    @Override
    public DockerOptions spec() {
        return pool.options();
    }

    /** The spec of each server; empty while another process owns the pool. */
    @Override
    public Map<String, String> specs() {
        return pool.specs();
    }

    /**
     * The image id of each server's container by the server's id, as of the engine's last list. More than one id means
     * that a rollout is under way or has stopped. Empty while another process owns the pool.
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
