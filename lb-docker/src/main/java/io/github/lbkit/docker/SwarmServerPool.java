package io.github.lbkit.docker;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.explain.MembershipChange;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.docker.internal.engine.Engines;
import io.github.lbkit.docker.internal.swarm.Service;
import io.github.lbkit.docker.internal.swarm.SwarmChanges;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A pool whose servers are the tasks of a Docker Swarm service on one or more machines. The swarm places, restarts and
 * replaces the tasks; the pool follows them and scales the service on request. Thread-safe.
 *
 * <ul>
 *   <li>A server is a slot. Its id is the service's name, a dot and the number of the slot. A task that replaces
 *       another is a new instance of the same server, so that no key moves when a task or its machine fails.
 *   <li>The address of a task is a port published on its node ({@code --publish mode=host}), or its address on a
 *       network that the balancer shares with it. A port of the swarm's routing mesh leads to any task and is refused.
 *   <li>The pool polls a manager, which sends no events of other machines. The end of a task on the manager's machine
 *       takes effect at once. A manager notices the loss of a machine after about 10 seconds; health checks are faster.
 *   <li>{@link #add} and {@link #remove} change the number of replicas. The swarm chooses the tasks that end and
 *       numbers the new ones, so that ids are refused. A task that stops drains until its stop grace period is over.
 *   <li>While no manager answers, the membership stays and {@link #age} grows.
 * </ul>
 *
 * <p><b>Good for</b> servers on more than one machine. <b>Bad for</b> replacing one server on request, which a swarm
 * cannot.
 */
public final class SwarmServerPool implements ManagedServerPool {
    private final Service service;
    private final SwarmChanges changes;
    private final int maxServers;

    private SwarmServerPool(Service service, int maxServers) {
        this.service = service;
        this.maxServers = maxServers;
        changes = new SwarmChanges(service);
    }

    /**
     * Opens the pool. Its servers are known after a manager's first answer.
     *
     * @throws IllegalArgumentException if the engine's address or its configuration is invalid
     */
    public static SwarmServerPool open(PoolContext context, SwarmOptions options) {
        return new SwarmServerPool(
                new Service(context, Engines.open(options.host(), context), options), options.maxServers());
    }

    @Override
    public String name() {
        return service.view().name();
    }

    @Override
    public Membership membership() {
        return service.view().membership();
    }

    @Override
    public CompletionStage<Membership> ready() {
        return service.view().ready();
    }

    @Override
    public Subscription subscribe(PoolListener listener) {
        return service.view().subscribe(listener);
    }

    /** The time since a manager last reported the tasks. */
    @Override
    public Duration age() {
        return service.view().age();
    }

    /** The servers that the swarm desires, by slot. */
    @Override
    public List<String> desired() {
        return service.desired();
    }

    @Override
    public int maxServers() {
        return maxServers;
    }

    /** Scales up. The ids must be empty, since the swarm numbers its tasks itself. */
    @Override
    public CompletionStage<PoolChange> add(int count, List<String> ids) {
        return changes.add(count, ids);
    }

    /** Scales down. The ids must be empty, since the swarm chooses the tasks itself. */
    @Override
    public CompletionStage<PoolChange> remove(int count, List<String> ids) {
        return changes.remove(count, ids);
    }

    /** Refuses every replacement, since a swarm cannot replace a single task on request. */
    @Override
    public CompletionStage<PoolChange> replace(String id) {
        return changes.replace(id);
    }

    @Override
    public CompletionStage<PoolChange> resize(int desired) {
        return changes.resize(desired);
    }

    /** Replaces all tasks in the order and at the pace of the service's update settings. */
    @Override
    public CompletionStage<PoolChange> replaceAll() {
        return changes.replaceAll();
    }

    /** Predicts a change. Joining servers are exact unless another client scales; leaving servers are a guess. */
    @Override
    public CompletionStage<MembershipChange> preview(boolean adding, int count, List<String> ids) {
        return changes.preview(adding, count, ids);
    }

    @Override
    public void close() {
        changes.close();
        service.close();
    }
}
