package io.github.lbkit.docker;

import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.Launched;
import io.github.lbkit.api.pool.supervised.Launcher;
import io.github.lbkit.api.pool.supervised.LauncherListener;
import io.github.lbkit.docker.internal.container.ContainerLauncher;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.Engines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Launches containers. Thread-safe; the engine is talked to on threads of its own, and each call has a deadline.
 *
 * <p>A container that dies, is killed, paused, removed, runs out of memory or turns unhealthy is told to have exited. An
 * engine that is away tells nothing of the kind: its containers may well serve on.
 *
 * <p>This alone asks nobody whether another process owns the pool; {@link DockerServerPool} does.
 */
public final class DockerLauncher implements Launcher {
    private final Engine engine;
    private final ContainerLauncher containers;

    private DockerLauncher(Engine engine, ContainerLauncher containers) {
        this.engine = engine;
        this.containers = containers;
    }

    /** The launcher of this pool's containers; the engine may be away when this is called. */
    public static DockerLauncher open(PoolContext context, DockerOptions options) {
        Engine engine = Engines.open(options.engine(), context);
        return new DockerLauncher(engine, ContainerLauncher.unshared(engine, options, context.name()));
    }

    @Override
    public CompletionStage<Launched> launch(LaunchRequest request) {
        return containers.launch(request);
    }

    @Override
    public CompletionStage<Launched> launch(LaunchRequest request, LaunchSpec spec) {
        return containers.launch(request, spec);
    }

    /** Whether it is {@link DockerOptions}. */
    @Override
    public boolean launches(LaunchSpec spec) {
        return containers.launches(spec);
    }

    @Override
    public LaunchSpec spec() {
        return containers.spec();
    }

    @Override
    public CompletionStage<List<Launched>> list() {
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
