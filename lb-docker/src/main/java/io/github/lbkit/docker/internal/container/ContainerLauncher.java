package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.LaunchedInstance;
import io.github.lbkit.api.pool.supervised.Launcher;
import io.github.lbkit.api.pool.supervised.LauncherListener;
import io.github.lbkit.api.pool.supervised.PoolState;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineEvents;
import io.github.lbkit.docker.internal.engine.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The launcher of one pool's containers: it creates, lists, watches and removes them. Thread-safe. Blocking steps run
 * on the engine's threads. The creator of the engine closes it.
 */
public final class ContainerLauncher implements Launcher {
    private final Engine engine;
    private final Images images;
    private final String pool;
    private final Ownership ownership;
    private final ContainerSpec spec;
    private final Containers containers;
    private final SpecImages specImages;
    private final RunningImages runningImages;
    private final ContainerRemoval removal;
    private final InstanceStates states;
    private final EngineEvents events;

    /**
     * Creates a launcher, which follows the engine's events from now on.
     *
     * @param options the options of new containers; with the id of the image if it is resolved
     */
    public ContainerLauncher(Engine engine, Images images, DockerOptions options, String pool, Ownership ownership) {
        this.engine = engine;
        this.images = images;
        this.pool = pool;
        this.ownership = ownership;
        spec = new ContainerSpec(options, pool);
        containers = new Containers(engine, pool);
        specImages = new SpecImages(images, spec);
        runningImages = new RunningImages(pool);
        removal = new ContainerRemoval(engine, containers);
        states = new InstanceStates(engine.clock());
        Json filters =
                options.network().isPresent() ? LauncherEvents.filtersWithNetworks() : LauncherEvents.filters(pool);
        events = engine.events(filters, new LauncherEvents(engine, containers, states, pool, this::list));
    }

    @Override
    public CompletionStage<LaunchedInstance> launch(LaunchRequest request) {
        return launch(request, spec);
    }

    @Override
    public CompletionStage<LaunchedInstance> launch(LaunchRequest request, LaunchSpec other) {
        return other instanceof DockerOptions options
                ? launch(request, new ContainerSpec(options, pool))
                : CompletableFuture.failedFuture(new IllegalArgumentException(other + " describes no container"));
    }

    @Override
    public boolean launches(LaunchSpec other) {
        return other instanceof DockerOptions;
    }

    private CompletionStage<LaunchedInstance> launch(LaunchRequest request, ContainerSpec wanted) {
        TrackedInstance instance = TrackedInstance.launching(request, wanted.containerName(request));
        if (!states.add(instance)) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(instance + " is launched already"));
        }
        CompletionStage<LaunchedInstance> launched = engine.run(() -> start(instance, wanted));
        var unused = launched.whenComplete((value, e) -> instance.launchEnded.complete(null));
        return launched.thenCompose(started -> instance.healthy.thenApply(healthy -> started));
    }

    /** Creates and starts a container; called on a thread of the engine. */
    private LaunchedInstance start(TrackedInstance instance, ContainerSpec wanted) {
        ownership.require();
        ContainerSpec resolved = specImages.resolve(wanted);
        String id = create(resolved, instance.request);
        states.created(instance, id);
        states.requireNotTerminating(instance);
        containers.start(id);
        Json inspected = containers
                .inspect(id)
                .orElseThrow(() -> new IllegalStateException(instance + " was removed while it was started"));
        if (!inspected.at("State", "Running").bool(false)) {
            throw new IllegalStateException(containers.describeEnd(id, inspected));
        }
        states.requireNotTerminating(instance);
        Address address = Container.inspectedAddress(inspected, resolved)
                .orElseThrow(() -> new IllegalStateException("the engine knows no address of " + instance
                        + resolved.options()
                                .network()
                                .map(network -> " on network " + network)
                                .orElse("")));
        String health = Container.inspectedHealth(inspected);
        if (health.isEmpty() || health.equals("healthy")) {
            instance.healthy.complete(null);
        }
        states.serves(instance, address);
        return LaunchedInstance.at(address, instance.request, resolved.hash(), SpecImages.shortId(id));
    }

    /** Creates the container. If its image is gone, the exception says what the image's name refers to now. */
    private String create(ContainerSpec resolved, LaunchRequest request) {
        try {
            return containers.create(resolved, request, ownership.creator());
        } catch (EngineException.NotFound e) {
            images.require(resolved.options());
            return containers.create(resolved, request, ownership.creator());
        }
    }

    @Override
    public CompletionStage<List<LaunchedInstance>> list() {
        return engine.run(this::listNow);
    }

    /** Lists the containers; called on a thread of the engine. */
    private List<LaunchedInstance> listNow() {
        long askedNanos = engine.clock().nanoTime();
        List<Container> listed = containers.list();
        String image = specImages.currentImageId();
        runningImages.update(listed);
        List<LaunchedInstance> found = new ArrayList<>();
        for (Container container : listed) {
            if (!states.observe(container, askedNanos)) {
                found.add(specImages.toLaunched(container, image));
            }
        }
        return found;
    }

    @Override
    public Subscription watch(LauncherListener listener) {
        return states.watch(listener);
    }

    @Override
    public CompletionStage<Void> terminate(String id, long generation, Duration grace) {
        Optional<TrackedInstance> known = states.find(id, generation);
        if (known.isPresent()) {
            return remove(known.get(), grace);
        }
        // an earlier owner may have launched the instance, and no list has contained it yet
        return list().thenCompose(listed -> states.find(id, generation)
                .map(found -> remove(found, grace))
                .orElseGet(() -> CompletableFuture.completedFuture(null)));
    }

    private CompletionStage<Void> remove(TrackedInstance instance, Duration grace) {
        if (ownership.lost()) {
            return CompletableFuture.completedFuture(null); // the new owner decides about the container
        }
        CompletableFuture<Void> removed = new CompletableFuture<>();
        CompletableFuture<Void> underWay = states.beginRemoval(instance, removed);
        if (underWay != null) {
            if (grace.isZero()) {
                instance.ended.complete("its grace period was cut short");
            }
            return underWay.copy();
        }
        instance.healthy.completeExceptionally(
                new IllegalStateException(instance + " was terminated before it was healthy"));
        var unused = CompletableFuture.allOf(instance.launchEnded, instance.outputRead)
                .thenCompose(ready -> engine.run(() -> {
                    ownership.require();
                    return instance;
                }))
                .thenCompose(permitted -> removal.remove(permitted, grace))
                .whenComplete((value, e) -> {
                    if (e == null) {
                        states.remove(instance);
                        removed.complete(null);
                    } else if (ownership.lost()) {
                        removed.complete(null);
                    } else {
                        removed.completeExceptionally(e);
                    }
                });
        return removed.copy();
    }

    /** Describes a spec by its image, if it differs from the launcher's own spec in the image only. */
    @Override
    public Optional<String> describe(LaunchSpec other) {
        return other instanceof DockerOptions options
                        && Images.withImageOf(spec.options(), options).hash().equals(options.hash())
                ? Optional.of(Images.describe(options))
                : Optional.empty();
    }

    @Override
    public Optional<LaunchSpec> recall(String description) {
        return Optional.of(Images.recall(spec.options(), description));
    }

    @Override
    public CompletionStage<Optional<PoolState>> remembered() {
        return CompletableFuture.completedFuture(ownership.state());
    }

    @Override
    public CompletionStage<Void> remember(Optional<PoolState> state) {
        return engine.run(() -> {
                    ownership.store(state);
                    return state;
                })
                .thenApply(stored -> null);
    }

    @Override
    public String configuredHash() {
        return ownership.configuredHash();
    }

    @Override
    public String specHash() {
        return spec.hash();
    }

    @Override
    public LaunchSpec spec() {
        return spec.options();
    }

    /** Returns the image id of each server's newest container by the server's id, as of the engine's last list. */
    public Map<String, String> imageIds() {
        return runningImages.byServer();
    }

    @Override
    public void close() {
        states.close();
        events.close();
    }
}
