package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.InstanceId;
import io.github.lbkit.api.Subscription;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.api.pool.supervised.LaunchSpec;
import io.github.lbkit.api.pool.supervised.Launched;
import io.github.lbkit.api.pool.supervised.Launcher;
import io.github.lbkit.api.pool.supervised.LauncherListener;
import io.github.lbkit.api.pool.supervised.PoolState;
import io.github.lbkit.docker.DockerOptions;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineEvents;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.docker.internal.lease.Lease;
import io.github.lbkit.docker.internal.lease.ProcessIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pool's containers: launched, listed, watched, ended. Thread-safe; steps that block run on the engine's threads. The
 * engine belongs to whoever opened it.
 */
public final class ContainerLauncher implements Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerLauncher.class);

    /** What was told to have ended is somebody's to remove; if nobody has by now, the list shows it again. */
    private static final long TOLD_NANOS = Duration.ofSeconds(10).toNanos();

    private final Engine engine;
    private final ContainerSpec spec;
    private final String configured;
    private final Containers containers;
    private final Images images;
    private final SpecImages origins;
    private final Ownership ownership;
    private final String pool;
    private final String creator;
    private final RunningImages mix;
    private final ContainerRemoval removal;
    private final EngineEvents events;
    private final List<LauncherListener> listeners = new CopyOnWriteArrayList<>();

    /** By (id, generation); guarded by this. */
    private final Map<InstanceId, TrackedInstance> tracked = new LinkedHashMap<>();

    private ContainerLauncher(
            Engine engine,
            Images images,
            DockerOptions options,
            String configured,
            String pool,
            Ownership ownership,
            String creator) {
        this.engine = engine;
        this.configured = configured;
        this.pool = pool;
        this.spec = new ContainerSpec(options, pool);
        this.containers = new Containers(engine, pool);
        this.images = images;
        this.origins = new SpecImages(images, spec);
        this.ownership = ownership;
        this.creator = creator;
        this.mix = new RunningImages(pool);
        this.removal = new ContainerRemoval(engine, containers);
        Json wanted = options.network().isPresent() ? LauncherEvents.filtersWithNetworks() : LauncherEvents.filters(pool);
        events = engine.events(wanted, new LauncherEvents(this, pool));
    }

    /** For a pool that has one owner by other means. */
    public static ContainerLauncher unshared(Engine engine, DockerOptions options, String pool) {
        return new ContainerLauncher(
                engine,
                new Images(engine),
                options,
                options.hash(),
                pool,
                Ownership.UNSHARED,
                ProcessIdentity.here().toString());
    }

    /**
     * For a pool whose owner holds a lease.
     *
     * @param options with the id of the image
     */
    public static ContainerLauncher owned(Lease lease, DockerOptions options) {
        return new ContainerLauncher(
                lease.engine(), lease.images(), options, lease.configured(), lease.pool(), lease, lease.me());
    }

    @Override
    public CompletionStage<Launched> launch(LaunchRequest request) {
        return launch(request, spec);
    }

    @Override
    public CompletionStage<Launched> launch(LaunchRequest request, LaunchSpec other) {
        return other instanceof DockerOptions options
                ? launch(request, new ContainerSpec(options, pool))
                : CompletableFuture.failedFuture(new IllegalArgumentException(other + " describes no container"));
    }

    @Override
    public boolean launches(LaunchSpec other) {
        return other instanceof DockerOptions;
    }

    private CompletionStage<Launched> launch(LaunchRequest request, ContainerSpec from) {
        TrackedInstance instance = TrackedInstance.launching(request, from.containerName(request));
        synchronized (this) {
            if (tracked.putIfAbsent(request.instanceId(), instance) != null) {
                return CompletableFuture.failedFuture(new IllegalArgumentException(instance + " is launched already"));
            }
        }
        CompletionStage<Launched> launched = engine.run(() -> make(instance, from));
        var unused = launched.whenComplete((value, e) -> instance.made.complete(null));
        return launched.thenCompose(made -> instance.healthy.thenApply(well -> made));
    }

    /** On a thread of the engine's. */
    private Launched make(TrackedInstance instance, ContainerSpec given) {
        ownership.require();
        ContainerSpec from = origins.resolved(given);
        String id = create(from, instance.request);
        synchronized (this) {
            instance.container = id;
        }
        unlessTerminating(instance);
        containers.start(id);
        Json inspected = containers
                .inspect(id)
                .orElseThrow(() -> new IllegalStateException(instance + " was removed while it was started"));
        if (!inspected.at("State", "Running").truth(false)) {
            throw new IllegalStateException(containers.ending(id, inspected));
        }
        unlessTerminating(instance);
        Address address = Container.inspectedAddress(inspected, from)
                .orElseThrow(() -> new IllegalStateException("the engine knows no address of " + instance
                        + from.options().network().map(n -> " on network " + n).orElse("")));
        String health = Container.inspectedHealth(inspected);
        if (health.isEmpty() || health.equals("healthy")) {
            instance.healthy.complete(null);
        }
        synchronized (this) {
            instance.served = true;
            instance.servedNanos = engine.clock().nanoTime();
            instance.address = address;
        }
        return Launched.at(address, instance.request, from.hash(), SpecImages.handle(id));
    }

    /** Makes the container; of an image that is gone, the error says what has become of its name. */
    private String create(ContainerSpec from, LaunchRequest request) {
        try {
            return containers.create(from, request, creator);
        } catch (EngineException.NotFound e) {
            images.require(from.options());
            return containers.create(from, request, creator);
        }
    }

    private synchronized void unlessTerminating(TrackedInstance instance) {
        if (instance.terminating) {
            throw new IllegalStateException(instance + " was terminated while it was launched");
        }
    }

    @Override
    public CompletionStage<List<Launched>> list() {
        return engine.run(this::look);
    }

    /** On a thread of the engine's. */
    private List<Launched> look() {
        long askedNanos = engine.clock().nanoTime();
        List<Container> listed = containers.list();
        String image = origins.image();
        mix.look(listed);
        List<Launched> found = new ArrayList<>();
        for (Container container : listed) {
            if (!observed(container, askedNanos)) {
                found.add(origins.launched(container, image));
            }
        }
        return found;
    }

    /** Notes what the list says of a container; true if its end was told, so that it is being dealt with. */
    private boolean observed(Container container, long askedNanos) {
        TrackedInstance instance;
        boolean ended;
        String moved = "";
        synchronized (this) {
            instance = tracked.computeIfAbsent(
                    container.request().instanceId(),
                    key -> TrackedInstance.found(container.request(), container.id()));
            instance.container = container.id();
            ended = instance.served
                    && !container.state().equals("running")
                    && !instance.told
                    && askedNanos - instance.servedNanos > 0;
            if (!instance.served && container.serves()) {
                instance.served = true;
                instance.servedNanos = askedNanos;
                instance.address = container.address().orElse(null);
            } else if (instance.served && !ended && !instance.told && askedNanos - instance.servedNanos > 0) {
                moved = instance.moved(container);
            }
        }
        if (!moved.isEmpty()) {
            ended(instance, moved);
        }
        if (container.serves()) {
            judged(instance, true);
        } else if (container.state().equals("running") && container.health().equals("unhealthy")) {
            judged(instance, false);
        }
        if (ended) {
            ended(instance, "it is " + container.state());
        }
        synchronized (this) {
            return instance.told && engine.clock().nanoTime() - instance.toldNanos < TOLD_NANOS;
        }
    }

    @Override
    public Subscription watch(LauncherListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public CompletionStage<Void> terminate(String id, long generation, Duration grace) {
        InstanceId key = new InstanceId(id, generation);
        synchronized (this) {
            TrackedInstance known = tracked.get(key);
            if (known != null) {
                return gone(key, known, grace);
            }
        }
        // an earlier owner's, perhaps, that no list has shown yet
        return list().thenCompose(listed -> {
            synchronized (this) {
                TrackedInstance found = tracked.get(key);
                return found == null ? CompletableFuture.completedFuture(null) : gone(key, found, grace);
            }
        });
    }

    /** Guarded by this. */
    private CompletionStage<Void> gone(InstanceId key, TrackedInstance instance, Duration grace) {
        if (ownership.lost()) {
            return CompletableFuture.completedFuture(null); // another owner's business now
        }
        CompletableFuture<Void> before = instance.gone;
        if (before != null && !before.isCompletedExceptionally()) {
            if (grace.isZero()) {
                instance.ended.complete("it is not waited for any more");
            }
            return before.copy();
        }
        instance.terminating = true;
        instance.healthy.completeExceptionally(
                new IllegalStateException(instance + " was terminated before it was healthy"));
        CompletableFuture<Void> gone = new CompletableFuture<>();
        instance.gone = gone;
        var unused = CompletableFuture.allOf(instance.made, instance.lastWords)
                .thenCompose(made -> engine.run(() -> {
                    ownership.require();
                    return instance;
                }))
                .thenCompose(permitted -> removal.remove(permitted, grace))
                .whenComplete((value, e) -> {
                    if (e == null) {
                        synchronized (this) {
                            tracked.remove(key, instance);
                        }
                        gone.complete(null);
                    } else if (ownership.lost()) {
                        gone.complete(null);
                    } else {
                        gone.completeExceptionally(e);
                    }
                });
        return gone.copy();
    }

    /** Describes a spec by its image, where it differs from the launcher's own in nothing else. */
    @Override
    public Optional<String> describe(LaunchSpec other) {
        return other instanceof DockerOptions options
                        && Images.as(spec.options(), options).hash().equals(options.hash())
                ? Optional.of(Images.described(options))
                : Optional.empty();
    }

    @Override
    public Optional<LaunchSpec> recall(String description) {
        return Optional.of(Images.recalled(spec.options(), description));
    }

    @Override
    public CompletionStage<Optional<PoolState>> remembered() {
        return CompletableFuture.completedFuture(ownership.state());
    }

    @Override
    public CompletionStage<Void> remember(Optional<PoolState> state) {
        return engine.run(() -> {
                    ownership.keep(state);
                    return state;
                })
                .thenApply(kept -> null);
    }

    @Override
    public String configuredHash() {
        return configured;
    }

    @Override
    public String specHash() {
        return spec.hash();
    }

    @Override
    public LaunchSpec spec() {
        return spec.options();
    }

    /** The id of the image of each server's newest container, by the server's id, as the engine last said. */
    public Map<String, String> imageIds() {
        return mix.byServer();
    }

    /** Notes what the engine's health check says of an instance, and tells what has changed. */
    void judged(TrackedInstance instance, boolean healthy) {
        boolean changed;
        synchronized (this) {
            if (instance.terminating) {
                return;
            }
            changed = instance.unhealthy == healthy;
            instance.unhealthy = !healthy;
        }
        if (healthy) {
            instance.healthy.complete(null);
        } else {
            instance.healthy.completeExceptionally(new IllegalStateException("its health check fails"));
        }
        String id = instance.request.id();
        long generation = instance.request.generation();
        if (changed && healthy) {
            tell(listener -> listener.fit(id, generation));
        } else if (!healthy) { // also if it was told before: whoever adopts it must hear it, too
            tell(listener -> listener.unfit(id, generation, "its health check fails"));
        }
    }

    /** The instance of this id and generation, if it is known. */
    synchronized Optional<TrackedInstance> find(String id, long generation) {
        return Optional.ofNullable(tracked.get(new InstanceId(id, generation)));
    }

    /**
     * Asks how a container has ended and what it wrote last, tells that as a second report of its end, and logs it. The
     * container is not removed before the engine has answered.
     */
    void tellLastWords(TrackedInstance instance) {
        String container;
        synchronized (this) {
            if (instance.terminating || !instance.served) {
                return; // its end was asked for; or its launch tells
            }
            container = instance.container;
        }
        var asked = engine.run(() -> containers.inspect(container).map(found -> containers.ending(container, found)));
        instance.lastWords = asked.handle((words, e) -> {
                    if (e == null && words.isPresent()) {
                        LOG.warn("pool {}: {} {}", pool, instance, words.get());
                        LaunchRequest request = instance.request;
                        tell(listener -> listener.exited(request.id(), request.generation(), words.get()));
                    }
                    return "told";
                })
                .toCompletableFuture();
    }

    /** Asks for the verdict of a health check that an event has told of without saying the verdict. */
    void lookAtHealth(TrackedInstance instance) {
        var unused = engine.run(() -> containers.inspect(instance.container).map(Container::inspectedHealth))
                .thenAccept(health -> {
                    if (health.filter("healthy"::equals).isPresent()) {
                        judged(instance, true);
                    } else if (health.filter("unhealthy"::equals).isPresent()) {
                        judged(instance, false);
                    }
                });
    }

    /** It cannot serve any more. */
    void ended(TrackedInstance instance, String detail) {
        synchronized (this) {
            if (!instance.told) {
                instance.told = true;
                instance.toldNanos = engine.clock().nanoTime();
            }
            if (instance.terminating) {
                return;
            }
        }
        instance.healthy.completeExceptionally(new IllegalStateException(detail));
        tell(listener -> listener.exited(instance.request.id(), instance.request.generation(), detail));
    }

    /** Events come from here on: what ended before was told to nobody, so the list is asked, and tells it. */
    void lookAfterSilence() {
        changed();
        var unused = list();
    }

    /** Something may have changed. */
    void changed() {
        tell(LauncherListener::changed);
    }

    /** Events come again. */
    void streamReopened(String reason, Duration silence) {
        tell(listener -> listener.streamReopened(reason, silence));
    }

    private void tell(Consumer<LauncherListener> call) {
        for (LauncherListener listener : listeners) {
            try {
                call.accept(listener);
            } catch (RuntimeException | Error e) {
                LOG.error(
                        "a listener of containers failed: {}",
                        listener.getClass().getName(),
                        e);
            }
        }
    }

    @Override
    public void close() {
        listeners.clear();
        events.close();
    }
}
