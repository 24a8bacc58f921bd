package io.github.lbkit.docker;

import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.Launcher;
import io.github.lbkit.api.pool.supervised.LauncherListener;
import io.github.lbkit.docker.internal.container.ContainerLauncher;
import io.github.lbkit.docker.internal.container.Images;
import io.github.lbkit.docker.internal.container.Ownership;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.Engines;
import io.github.lbkit.docker.internal.lease.ProcessIdentity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A launcher of containers. Calls to the engine run on threads of its own, and each call has a timeout. Thread-safe.
 *
 * <p>Listeners are notified of the end of a container that exits, is killed, paused or removed, runs out of memory or
 * becomes unhealthy. An unreachable engine causes no such notification, since its containers may still serve.
 *
 * <p>The launcher does not check whether another process owns the pool; {@link DockerServerPool} does.
 */
public final class DockerLauncher implements Launcher {
    private final Engine engine;
    private final ContainerLauncher containers;

    private DockerLauncher(Engine engine, ContainerLauncher containers) {
        this.engine = engine;
        this.containers = containers;
    }

    /** Opens the launcher of a pool's containers. The engine need not be running yet. */
    public static DockerLauncher open(PoolContext context, DockerOptions options) {
        Engine engine = Engines.open(options.engine(), context);
        Ownership ownership = Ownership.unshared(ProcessIdentity.current().toString(), options.hash());
        return new DockerLauncher(
                engine, new ContainerLauncher(engine, new Images(engine), options, context.name(), ownership));
    }

    @Override
    public CompletionStage<LaunchedInstance> launch(LaunchRequest request) {
        return containers.launch(request);
    }

    @Override
    public CompletionStage<LaunchedInstance> launch(LaunchRequest request, LaunchSpec spec) {
        return containers.launch(request, spec);
    }

    /** Returns true if the spec is {@link DockerOptions}. */
    @Override
    public boolean launches(LaunchSpec spec) {
        return containers.launches(spec);
    }

    @Override
    public LaunchSpec spec() {
        return containers.spec();
    }

    @Override
    public CompletionStage<List<LaunchedInstance>> list() {
        return containers.list();
    }

    @Override
    public Subscription watch(LauncherListener listener) {
        return containers.watch(listener);
    }

    @Override
    public CompletionStage<Void> terminate(String id, long generation, Duration grace) {
        return containers.terminate(id, generation, grace);
    }

    @Override
    public String specHash() {
        return containers.specHash();
    }

    @Override
    public void close() {
        containers.close();
        engine.close();
    }
}
