package io.github.lbkit.docker;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.docker.internal.discovery.Discovery;
import io.github.lbkit.docker.internal.engine.Engines;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * A pool of containers that others start, stop and replace: those of one engine whose label {@link DiscoveryLabels#POOL} names
 * it. Thread-safe.
 *
 * <ul>
 *   <li>A container that exists is a server: it is ready while it runs, and, if it has a health check, while that passes; it is
 *       down when it has exited, is paused, or is being stopped; it leaves when it is removed. So keys return to a container
 *       that was stopped and is started again.
 *   <li>What ends a container (die, kill, out of memory, pause, removal, a failed health check) counts as soon as the engine
 *       tells it. Everything else that it tells is a reason to ask for a list, and lists come without it, too.
 *   <li>A container whose labels make no sense is refused, {@link #refused} and the log say why, and no other is harmed. Of
 *       two that run with one server id, the one that was a server before stays.
 *   <li>When the engine does not answer, the membership stays, and {@link #age} grows; health checks decide who serves.
 * </ul>
 *
 * <p>It only reads: a filter in front of the engine's socket that lets nothing else through is enough.
 *
 * <p><b>Good for</b> compose files and whoever deploys by other means. <b>Bad for</b> healing, which is left to restart
 * policies: {@code DockerServerPool} owns its containers and replaces them.
 */
public final class DockerDiscoveryPool implements ServerPool {
    private final Discovery discovery;

    private DockerDiscoveryPool(Discovery discovery) {
        this.discovery = discovery;
    }

    /**
     * Opens the pool; its servers are known when the engine has answered for the first time.
     *
     * @throws IllegalArgumentException if the engine's address, or where it is configured, is wrong
     */
    public static DockerDiscoveryPool open(PoolContext context, DiscoveryOptions options) {
        return new DockerDiscoveryPool(new Discovery(context, Engines.open(options.host(), context), options));
    }

    /** Why containers with the pool's label are no servers, by the names of the containers. */
    public Map<String, String> refused() {
        return discovery.refused();
    }

    @Override
    public String name() {
        return discovery.following().name();
    }

    @Override
    public Membership membership() {
        return discovery.following().membership();
    }

    @Override
    public CompletionStage<Membership> ready() {
        return discovery.following().ready();
    }

    @Override
    public Subscription subscribe(PoolListener listener) {
        return discovery.following().subscribe(listener);
    }

    /** How long ago the engine last said what there is. */
    @Override
    public Duration age() {
        return discovery.following().age();
    }

    @Override
    public void close() {
        discovery.close();
    }
}
