package io.github.lbkit.docker;

import io.github.lbkit.api.ManagedServerPool;
import io.github.lbkit.api.Membership;
import io.github.lbkit.api.MembershipChange;
import io.github.lbkit.api.PoolChange;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.docker.internal.engine.Engines;
import io.github.lbkit.docker.internal.swarm.Service;
import io.github.lbkit.docker.internal.swarm.SwarmChanges;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A pool whose servers are the tasks of a service of Docker Swarm, on however many machines. The swarm places, restarts and
 * replaces them; the pool follows them, and scales the service when it is asked to. Thread-safe.
 *
 * <ul>
 *   <li>A server is a slot: its id is the service's name, a dot and the slot's number, and a task that replaces another is a new
 *       instance of the same server. So no key moves when a task dies, or when its machine does.
 *   <li>Tasks are found where their ports are published on their nodes ({@code --publish mode=host}), or on a network that the
 *       balancer shares with them. A port of the swarm's own routing mesh leads to any task, so that it is of no use here.
 *   <li>A manager is asked again and again, since nobody tells it what happens on other machines; what ends on its own machine
 *       counts at once. That a machine is gone takes the manager about ten seconds to notice: health checks are faster.
 *   <li>{@link #add} and {@link #remove} change the number of replicas. Which tasks end, and what new ones are called, is the
 *       swarm's choice: names are refused. A task that is to stop drains; the swarm stops it when its own grace is over.
 *   <li>When no manager answers, the membership stays, and {@link #age} grows.
 * </ul>
 *
 * <p><b>Good for</b> servers on more than one machine. <b>Bad for</b> replacing one server on request, which a swarm cannot.
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
     * Opens the pool; its servers are known when a manager has answered for the first time.
     *
     * @throws IllegalArgumentException if the engine's address, or where it is configured, is wrong
     */
    public static SwarmServerPool open(PoolContext context, SwarmOptions options) {
        return new SwarmServerPool(
                new Service(context, Engines.open(options.host(), context), options), options.maxServers());
    }

    @Override
    public String name() {
        return service.following().name();
    }

    @Override
    public Membership membership() {
        return service.following().membership();
    }

    @Override
    public CompletionStage<Membership> ready() {
        return service.following().ready();
    }

    @Override
    public Subscription subscribe(PoolListener listener) {
        return service.following().subscribe(listener);
    }

    /** How long ago a manager last said what there is. */
    @Override
    public Duration age() {
        return service.following().age();
    }

    /** The servers that the swarm wants, by slot. */
    @Override
    public List<String> desired() {
        return service.desired();
    }

    @Override
    public int maxServers() {
        return maxServers;
    }

    /** Scales up. The ids must be empty: the swarm numbers its tasks itself. */
    @Override
    public CompletionStage<PoolChange> add(int count, List<String> ids) {
        return changes.add(count, ids);
    }

    /** Scales down. The ids must be empty: the swarm chooses itself. */
    @Override
    public CompletionStage<PoolChange> remove(int count, List<String> ids) {
        return changes.remove(count, ids);
    }

    /** Always refused: a swarm replaces what fails, and nothing else. */
    @Override
    public CompletionStage<PoolChange> replace(String id) {
        return changes.replace(id);
    }

    @Override
    public CompletionStage<PoolChange> resize(int desired) {
        return changes.resize(desired);
    }

    /** Makes all tasks anew, in the order and at the pace of the service's own update settings. */
    @Override
    public CompletionStage<PoolChange> replaceAll() {
        return changes.replaceAll();
    }

    /** What would join is exact, as long as nobody else scales; what would leave is a guess at the swarm's choice. */
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
