package io.github.lbkit.testkit.docker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The containers of a {@link FakeEngine}. A test does here, by a container's name, what somebody else would do behind the back
 * of a pool; the engine tells it in its events. Thread-safe.
 */
public final class FakeContainers {
    private final EngineCore core;
    private final Containers containers;

    FakeContainers(EngineCore core, Containers containers) {
        this.core = core;
        this.containers = containers;
    }

    /** Creates and starts a container; answers its id. */
    public String run(ContainerSpec spec) {
        return core.call(() -> {
            FakeContainer container = containers.create(spec.name(), spec.json());
            containers.start(container);
            return container.id;
        });
    }

    /** Creates a container and does not start it; answers its id. */
    public String create(ContainerSpec spec) {
        return core.call(() -> containers.create(spec.name(), spec.json()).id);
    }

    /** Starts a container that does not run. */
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

    /** The container's process ends by itself, with this exit code. */
    public void exit(String name, int code) {
        with(name, container -> containers.end(container, code));
    }

    /** The container's process is killed since it took too much memory. */
    public void outOfMemory(String name) {
        with(name, container -> {
            container.outOfMemory = true;
            containers.tell(container, "oom", Map.of());
            containers.end(container, 137);
        });
    }

    /** Stops a container by its stop signal; one that is deaf ends at once, too. */
    public void stop(String name) {
        with(name, container -> {
            var unused = containers.stop(container, 0);
        });
    }

    /** Pauses a container: who connects hears nothing. */
    public void pause(String name) {
        with(name, containers::pause);
    }

    /** Ends {@link #pause}. */
    public void unpause(String name) {
        with(name, containers::unpause);
    }

    /** Removes a container, running or not. */
    public void remove(String name) {
        with(name, container -> containers.remove(container, true));
    }

    /** Its health check says {@code starting}, {@code healthy} or {@code unhealthy} from now on. */
    public void health(String name, String status) {
        with(name, container -> containers.health(container, status));
    }

    /** Its process hangs: who connects hears nothing, and the engine does not notice. */
    public void hang(String name) {
        with(name, container -> container.sites.forEach(one -> one.site().silent(true)));
    }

    /** Its name is another one from now on. */
    public void rename(String name, String newName) {
        with(name, container -> containers.rename(container, newName));
    }

    /** The names of all containers, in order of creation. */
    public List<String> names() {
        return core.call(() -> containers.all().stream().map(one -> one.name).toList());
    }

    /** The names of the containers that run. */
    public List<String> running() {
        return core.call(() -> containers.all().stream()
                .filter(FakeContainer::running)
                .map(one -> one.name)
                .toList());
    }

    /** The state of this container, such as {@code running} or {@code exited}; empty if there is none of this name. */
    public Optional<String> state(String name) {
        return core.call(() -> containers.find(name).map(one -> one.state));
    }

    /** The labels of this container. */
    public Map<String, String> labels(String name) {
        return core.call(() -> Map.copyOf(containers.container(name).labels));
    }

    private void with(String name, Consumer<FakeContainer> command) {
        core.run(() -> command.accept(containers.container(name)));
    }
}
