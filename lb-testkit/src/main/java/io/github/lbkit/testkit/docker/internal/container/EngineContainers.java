package io.github.lbkit.testkit.docker.internal.container;

import io.github.lbkit.testkit.docker.internal.engine.EngineContext;
import io.github.lbkit.testkit.docker.internal.engine.LoopbackHttp;
import io.github.lbkit.testkit.docker.internal.http.EngineError;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The containers of one engine and the operations on them. Guarded by the engine's lock. */
public final class EngineContainers {
    private static final int ADDRESS_TRIES = 500;

    private final EngineContext context;
    private final EngineImages images;
    private final Networks networks;

    /** All containers by id, in order of creation. */
    private final Map<String, EngineContainer> all = new LinkedHashMap<>();

    /** Creates the empty set of containers of an engine. */
    public EngineContainers(EngineContext context, EngineImages images, Networks networks) {
        this.context = context;
        this.images = images;
        this.networks = networks;
    }

    /** Creates a container from the body of a create call; an empty name is replaced by a generated one. */
    public EngineContainer create(String name, Map<String, Object> config) {
        EngineImages.Image image = images.image(JsonValues.text(config, "Image", ""));
        String id = context.newId();
        String chosen = name.isEmpty() ? "fake_" + id.substring(0, 8) : name;
        if (!chosen.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]+")) {
            throw new EngineError(
                    400, "Invalid container name (" + chosen + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        }
        find(chosen).ifPresent(taken -> {
            throw new EngineError(
                    409,
                    "Conflict. The container name \"/" + chosen + "\" is already in use by container \"" + taken.id
                            + "\". You have to remove (or rename) that container to be able to reuse that name.");
        });
        EngineContainer container = new EngineContainer(id, chosen, config, image, context.now());
        String mode = JsonValues.text(JsonValues.map(config, "HostConfig"), "NetworkMode", Networks.DEFAULT);
        container.networks.put(networks.network(mode).name, "");
        JsonValues.map(config, "NetworkingConfig", "EndpointsConfig")
                .keySet()
                .forEach(network -> container.networks.put(networks.network(network).name, ""));
        all.put(id, container);
        record(container, "create", Map.of());
        return container;
    }

    /** Returns the container of this name or id; throws an error 404 if there is none. */
    public EngineContainer container(String subject) {
        return find(subject).orElseThrow(() -> new EngineError(404, "No such container: " + subject));
    }

    /** Returns all containers in order of creation. */
    public List<EngineContainer> all() {
        return new ArrayList<>(all.values());
    }

    /** Returns the container of this name or id; empty if there is none. */
    public Optional<EngineContainer> find(String subject) {
        return all.values().stream()
                .filter(container -> container.matches(subject))
                .findFirst();
    }

    /** Starts a container; returns false if it is running already. */
    public boolean start(EngineContainer container) {
        if (container.running()) {
            return false;
        }
        publish(container);
        List.copyOf(container.networks.keySet()).forEach(network -> join(container, network));
        container.state = "running";
        container.started = context.now();
        container.outOfMemory = false;
        container.ended = new CompletableFuture<>();
        container.health = container.hasHealthCheck() ? "starting" : "";
        record(container, "start", Map.of());
        if (!container.traits.responds()) {
            unresponsive(container, true);
        } else if (container.traits.exitsAtOnce()) {
            end(container, 1);
        }
        if (container.hasHealthCheck()) {
            container.traits.healthResult().ifPresent(result -> reportHealth(container, result));
        }
        return true;
    }

    private void reportHealth(EngineContainer container, String result) {
        context.scheduler.execute(() -> context.run(() -> {
            if (container.running() && container.health.equals("starting")) {
                health(container, result);
            }
        }));
    }

    private void publish(EngineContainer container) {
        Map<String, Object> bindings = JsonValues.map(container.config, "HostConfig", "PortBindings");
        container.published.clear();
        for (String port : bindings.keySet()) {
            int number = Integer.parseInt(port.replace("/tcp", ""));
            for (Object binding : JsonValues.list(bindings, port)) {
                String wanted = JsonValues.text(JsonValues.asMap(binding), "HostPort", "");
                String ip = JsonValues.text(JsonValues.asMap(binding), "HostIp", "");
                LoopbackHttp.Listener listener = context.http.listen(
                        "127.0.0.1", wanted.isEmpty() ? 0 : Integer.parseInt(wanted), container.name);
                if (listener == null) {
                    closeListeners(container);
                    throw new EngineError(
                            500,
                            "driver failed programming external connectivity on endpoint " + container.name
                                    + ": Error starting userland proxy: listen tcp4 127.0.0.1:" + wanted
                                    + ": bind: address already in use");
                }
                container.listeners.add(new EngineContainer.BoundListener("", listener));
                container.published.add(
                        new EngineContainer.PublishedPort(number, ip.isEmpty() ? "0.0.0.0" : ip, listener.port()));
            }
        }
    }

    /** Gives the container an address on a network, and listens there on its ports. */
    void join(EngineContainer container, String network) {
        Networks.Network joined = networks.network(network);
        for (int tries = 0; tries < ADDRESS_TRIES; tries++) {
            String address = network.equals("host") ? "127.0.0.1" : joined.nextAddress();
            List<EngineContainer.BoundListener> bound = listen(container, network, address);
            if (bound != null) {
                container.networks.put(network, address);
                container.listeners.addAll(bound);
                return;
            }
        }
        container.networks.put(network, joined.nextAddress());
    }

    private @Nullable List<EngineContainer.BoundListener> listen(
            EngineContainer container, String network, String address) {
        List<EngineContainer.BoundListener> bound = new ArrayList<>();
        for (int port : container.exposed()) {
            LoopbackHttp.Listener listener = context.http.listen(address, port, container.name);
            if (listener == null) {
                bound.forEach(opened -> opened.listener().close());
                return null;
            }
            bound.add(new EngineContainer.BoundListener(network, listener));
        }
        return bound;
    }

    /** Removes the container from a network. */
    void leave(EngineContainer container, String network) {
        container.networks.remove(network);
        container.listeners.removeIf(bound -> {
            boolean onNetwork = bound.network().equals(network);
            if (onNetwork) {
                bound.listener().close();
            }
            return onNetwork;
        });
    }

    /** Ends a running container with this exit code. */
    public void end(EngineContainer container, int exitCode) {
        if (container.running()) {
            closeListeners(container);
            container.state = "exited";
            container.exitCode = exitCode;
            container.finished = context.now();
            record(container, "die", Map.of("exitCode", String.valueOf(exitCode)));
            container.ended.complete(exitCode);
            if (JsonValues.map(container.config, "HostConfig").get("AutoRemove") == Boolean.TRUE) {
                remove(container, false);
            }
        }
    }

    private static void closeListeners(EngineContainer container) {
        container.listeners.forEach(bound -> bound.listener().close());
        container.listeners.clear();
        container.published.clear();
        container.networks.replaceAll((network, address) -> "");
    }

    /** Sends a signal; a container that ignores signals ends on {@code KILL} alone. */
    public void signal(EngineContainer container, String signal) {
        if (!container.running()) {
            throw new EngineError(
                    409,
                    "Cannot kill container: " + container.name + ": Container " + container.id + " is not running");
        }
        String number = Signals.number(signal);
        record(container, "kill", Map.of("signal", number));
        if (number.equals("9")) {
            end(container, 137);
        } else if (Signals.ends(number) && container.traits.stopsOnSignal()) {
            end(container, 128 + Integer.parseInt(number));
        }
    }

    /**
     * Stops a container: sends its stop signal, and kills it when the timeout ends.
     *
     * @return the stage that completes when the container has ended; empty if it does not run
     */
    public Optional<CompletableFuture<Integer>> stop(EngineContainer container, long timeoutSeconds) {
        if (!container.running()) {
            return Optional.empty();
        }
        CompletableFuture<Integer> ended = container.ended;
        signal(container, "15");
        if (container.running() && timeoutSeconds == 0) {
            signal(container, "9");
        } else if (container.running()) {
            var unused = context.scheduler.schedule(
                    Duration.ofSeconds(timeoutSeconds),
                    () -> context.run(() -> {
                        if (container.running() && container.ended == ended) {
                            signal(container, "9");
                        }
                    }));
        }
        var unusedToo = ended.thenRun(() -> context.run(() -> record(container, "stop", Map.of())));
        return Optional.of(ended);
    }

    /** Pauses a running container: its connections are no longer answered. */
    public void pause(EngineContainer container) {
        if (!container.state.equals("running")) {
            throw new EngineError(409, "Container " + container.id + " is not running");
        }
        container.state = "paused";
        unresponsive(container, true);
        record(container, "pause", Map.of());
    }

    /** Resumes a paused container. */
    public void unpause(EngineContainer container) {
        if (!container.state.equals("paused")) {
            throw new EngineError(500, "Container " + container.id + " is not paused");
        }
        container.state = "running";
        unresponsive(container, !container.traits.responds());
        record(container, "unpause", Map.of());
    }

    /** Sets whether the connections of a container are accepted and never answered. */
    public void unresponsive(EngineContainer container, boolean value) {
        container.listeners.forEach(bound -> bound.listener().unresponsive(value));
    }

    /** Removes a container; a running one alone by force. */
    public void remove(EngineContainer container, boolean force) {
        if (container.running() && !force) {
            throw new EngineError(
                    409,
                    "You cannot remove a running container " + container.id
                            + ". Stop the container before attempting removal or force remove");
        }
        if (container.running()) {
            signal(container, "9");
        }
        if (all.remove(container.id) != null) {
            container.ended.complete(container.exitCode);
            record(container, "destroy", Map.of());
        }
    }

    /** Sets the health of a container and records the event. */
    public void health(EngineContainer container, String health) {
        container.health = health;
        record(container, "health_status: " + health, Map.of());
    }

    /** Ends a container as the kernel does when it exceeds its memory limit. */
    public void outOfMemory(EngineContainer container) {
        container.outOfMemory = true;
        record(container, "oom", Map.of());
        end(container, 137);
    }

    /** Renames a container. */
    public void rename(EngineContainer container, String newName) {
        if (find(newName).isPresent()) {
            throw new EngineError(
                    409, "Error when allocating new name: Conflict. The name \"/" + newName + "\" is taken");
        }
        String old = container.name;
        container.name = newName;
        record(container, "rename", Map.of("oldName", "/" + old));
    }

    /** Ends all running containers, as the end of the engine does. */
    public void endAll() {
        all().stream().filter(EngineContainer::running).forEach(container -> end(container, 137));
    }

    /** Returns the members of {@code info} about containers. */
    public Map<String, Object> counts() {
        return JsonValues.object(
                "Containers",
                all.size(),
                "ContainersRunning",
                all.values().stream().filter(EngineContainer::running).count());
    }

    /** Records an event of a container. */
    void record(EngineContainer container, String action, Map<String, String> details) {
        Map<String, String> attributes = container.attributes();
        attributes.putAll(details);
        context.events.record("container", action, container.id, attributes);
    }
}
