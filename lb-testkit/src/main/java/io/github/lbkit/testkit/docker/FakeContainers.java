package io.github.lbkit.testkit.docker;

import io.github.lbkit.testkit.docker.internal.container.EngineContainer;
import io.github.lbkit.testkit.docker.internal.container.EngineContainers;
import io.github.lbkit.testkit.docker.internal.engine.EngineContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The containers of a {@link FakeEngine}. A test calls these methods to change containers without the pool, as an
 * operator would; the engine reports each change in its events. Thread-safe.
 */
public final class FakeContainers {
    private final EngineContext context;
    private final EngineContainers containers;

    FakeContainers(EngineContext context, EngineContainers containers) {
        this.context = context;
        this.containers = containers;
    }

    /** Creates and starts a container, and returns its id. */
    public String run(FakeContainerSpec spec) {
        return context.call(() -> {
            EngineContainer container = containers.create(spec.name(), spec.json());
            containers.start(container);
            return container.id();
        });
    }

    /** Creates a container without starting it, and returns its id. */
    public String create(FakeContainerSpec spec) {
        return context.call(() -> containers.create(spec.name(), spec.json()).id());
    }

    /** Starts a container that is not running. */
    public void start(String name) {
        with(name, containers::start);
    }

    /** Kills a container, as {@code docker kill} does. */
    public void kill(String name) {
        with(name, container -> containers.signal(container, "9"));
    }

    /** Sends a container a signal by its name or number, as {@code docker kill --signal} does. */
    public void signal(String name, String signal) {
        with(name, container -> containers.signal(container, signal));
    }

    /** Ends the process of a container with this exit code. */
    public void exit(String name, int code) {
        with(name, container -> containers.end(container, code));
    }

    /** Kills the process of a container because it exceeded its memory limit. */
    public void outOfMemory(String name) {
        with(name, containers::outOfMemory);
    }

    /** Stops a container at once; one that ignores its stop signal is killed. */
    public void stop(String name) {
        with(name, container -> {
            var unused = containers.stop(container, 0);
        });
    }

    /** Pauses a container: connections are accepted and not answered. */
    public void pause(String name) {
        with(name, containers::pause);
    }

    /** Ends {@link #pause}. */
    public void unpause(String name) {
        with(name, containers::unpause);
    }

    /** Removes a container by force. */
    public void remove(String name) {
        with(name, container -> containers.remove(container, true));
    }

    /** Sets the result of a health check: {@code starting}, {@code healthy} or {@code unhealthy}. */
    public void health(String name, String status) {
        with(name, container -> containers.health(container, status));
    }

    /** Makes the process of a container hang: connections are not answered, and the engine does not notice. */
    public void hang(String name) {
        with(name, container -> containers.unresponsive(container, true));
    }

    /** Renames a container. */
    public void rename(String name, String newName) {
        with(name, container -> containers.rename(container, newName));
    }

    /** Returns the names of all containers in order of creation. */
    public List<String> names() {
        return context.call(
                () -> containers.all().stream().map(EngineContainer::name).toList());
    }

    /** Returns the names of the running containers in order of creation. */
    public List<String> running() {
        return context.call(() -> containers.all().stream()
                .filter(EngineContainer::running)
                .map(EngineContainer::name)
                .toList());
    }

    /**
     * Returns the state of a container, such as {@code running} or {@code exited}; empty if there is no such container.
     */
    public Optional<String> state(String name) {
        return context.call(() -> containers.find(name).map(EngineContainer::state));
    }

    /** Returns the labels of a container. */
    public Map<String, String> labels(String name) {
        return context.call(() -> containers.container(name).labels());
    }

    private void with(String name, Consumer<EngineContainer> command) {
        context.run(() -> command.accept(containers.container(name)));
    }
}
