package io.github.lbkit.docker;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.PoolListener;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.docker.internal.discovery.Discovery;
import io.github.lbkit.docker.internal.engine.Engines;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * A pool of containers that other tools start, stop and replace: the containers of one engine whose label {@link
 * DiscoveryLabels#POOL} has the pool's name. Thread-safe.
 *
 * <ul>
 *   <li>Each existing container is a server. The server is READY while the container runs and its health check, if
 *       there is one, passes. It is DOWN when the container has exited, is paused, or is being stopped. It leaves when
 *       the container is removed. Hence keys return to a container that was stopped and is started again.
 *   <li>An event that ends a container (die, kill, out of memory, pause, removal, a failed health check) takes effect
 *       at once. All other events request a list, and lists are also requested at an interval.
 *   <li>A container with invalid labels is refused and harms no other container; {@link #refused} and the log give the
 *       reason. If two running containers have the same server id, the one that was a server before stays.
 *   <li>While the engine does not answer, the membership stays and {@link #age} grows; health checks decide which
 *       servers serve.
 * </ul>
 *
 * <p>The pool only reads. A filter in front of the engine's socket may refuse all other calls.
 *
 * <p><b>Good for</b> compose files and other ways of deployment. <b>Bad for</b> healing, which is left to restart
 * policies: {@link DockerServerPool} owns its containers and replaces them.
 *
 * <pre>{@code
 * PoolContext context = new PoolContext("shop", Runtimes.system(), Path.of("state"));
 * ServerPool pool = DockerDiscoveryPool.open(context, DiscoveryOptions.pool("shop").build());
 * }</pre>
 */
public final class DockerDiscoveryPool implements ServerPool {
    private final Discovery discovery;

    private DockerDiscoveryPool(Discovery discovery) {
        this.discovery = discovery;
    }

    /**
     * Opens the pool. Its servers are known after the engine's first answer.
     *
     * @throws IllegalArgumentException if the engine's address or its configuration is invalid
     */
    public static DockerDiscoveryPool open(PoolContext context, DiscoveryOptions options) {
        return new DockerDiscoveryPool(new Discovery(context, Engines.open(options.host(), context), options));
    }

    /** The reasons for which containers with the pool's label are no servers, by the name of the container. */
    public Map<String, String> refused() {
        return discovery.refused();
    }

    @Override
    public String name() {
        return discovery.view().name();
    }

    @Override
    public Membership membership() {
        return discovery.view().membership();
    }

    @Override
    public CompletionStage<Membership> ready() {
        return discovery.view().ready();
    }

    @Override
    public Subscription subscribe(PoolListener listener) {
        return discovery.view().subscribe(listener);
    }

    /** The time since the engine last reported the containers. */
    @Override
    public Duration age() {
        return discovery.view().age();
    }

    @Override
    public void close() {
        discovery.close();
    }
}
