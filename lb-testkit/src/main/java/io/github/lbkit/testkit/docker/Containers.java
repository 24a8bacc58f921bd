package io.github.lbkit.testkit.docker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The containers of one engine, and what can be done to them. Confined to the engine's lock. */
final class Containers {
    private static final int ADDRESS_TRIES = 500;

    private final EngineCore core;
    private final FakeImages images;
    private final FakeNetworks networks;

    /** By id, in order of creation. */
    private final Map<String, FakeContainer> all = new LinkedHashMap<>();

    Containers(EngineCore core, FakeImages images, FakeNetworks networks) {
        this.core = core;
        this.images = images;
        this.networks = networks;
    }

    FakeContainer create(String name, Map<String, Object> config) {
        FakeImages.Image image = images.image(Json.text(config, "Image", ""));
        String id = core.newId();
        String called = name.isEmpty() ? "fake_" + id.substring(0, 8) : name;
        if (!called.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]+")) {
            throw new EngineError(
                    400, "Invalid container name (" + called + "), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        }
        find(called).ifPresent(taken -> {
            throw new EngineError(
                    409,
                    "Conflict. The container name \"/" + called + "\" is already in use by container \"" + taken.id
                            + "\". You have to remove (or rename) that container to be able to reuse that name.");
        });
        FakeContainer container = new FakeContainer(id, called, config, image, core.now());
        String mode = Json.text(Json.map(config, "HostConfig"), "NetworkMode", FakeNetworks.DEFAULT);
        container.networks.put(networks.network(mode).name, "");
        Json.map(config, "NetworkingConfig", "EndpointsConfig")
                .keySet()
                .forEach(more -> container.networks.put(networks.network(more).name, ""));
        all.put(id, container);
        tell(container, "create", Map.of());
        return container;
    }

    FakeContainer container(String subject) {
        return find(subject).orElseThrow(() -> new EngineError(404, "No such container: " + subject));
    }

    List<FakeContainer> all() {
        return new ArrayList<>(all.values());
    }

    Optional<FakeContainer> find(String subject) {
        return all.values().stream().filter(one -> one.isCalled(subject)).findFirst();
    }

    /** False if it runs already. */
    boolean start(FakeContainer container) {
        if (container.running()) {
            return false;
        }
        publish(container);
        List.copyOf(container.networks.keySet()).forEach(network -> join(container, network));
        container.state = "running";
        container.started = core.now();
        container.outOfMemory = false;
        container.ended = new CompletableFuture<>();
        container.health = container.hasHealthCheck() ? "starting" : "";
        tell(container, "start", Map.of());
        switch (container.behaviour) {
            case SILENT -> container.sites.forEach(one -> one.site().silent(true));
            case EXITS_AT_ONCE -> end(container, 1);
            default -> {}
        }
        if (container.hasHealthCheck() && container.behaviour != ContainerBehaviour.NEVER_HEALTHY) {
            boolean well = container.behaviour != ContainerBehaviour.UNHEALTHY;
            core.scheduler.execute(() -> core.run(() -> {
                if (container.running() && container.health.equals("starting")) {
                    health(container, well ? "healthy" : "unhealthy");
                }
            }));
        }
        return true;
    }

    private void publish(FakeContainer container) {
        Map<String, Object> bindings = Json.map(container.config, "HostConfig", "PortBindings");
        container.published.clear();
        for (String port : bindings.keySet()) {
            int number = Integer.parseInt(port.replace("/tcp", ""));
            for (Object binding : Json.list(bindings, port)) {
                String wanted = Json.text(Json.asMap(binding), "HostPort", "");
                String ip = Json.text(Json.asMap(binding), "HostIp", "");
                LoopbackHttp.Site site =
                        core.http.listen("127.0.0.1", wanted.isEmpty() ? 0 : Integer.parseInt(wanted), container.name);
                if (site == null) {
                    quiet(container);
                    throw new EngineError(
                            500,
                            "driver failed programming external connectivity on endpoint " + container.name
                                    + ": Error starting userland proxy: listen tcp4 127.0.0.1:" + wanted
                                    + ": bind: address already in use");
                }
                container.sites.add(new FakeContainer.Placed("", site));
                container.published.add(
                        new FakeContainer.PublishedPort(number, ip.isEmpty() ? "0.0.0.0" : ip, site.port()));
            }
        }
    }

    /** Gives it an address on this network, at which its ports are listened at. */
    void join(FakeContainer container, String network) {
        FakeNetworks.Network joined = networks.network(network);
        for (int tries = 0; tries < ADDRESS_TRIES; tries++) {
            String address = network.equals("host") ? "127.0.0.1" : joined.nextAddress();
            List<FakeContainer.Placed> placed = listen(container, network, address);
            if (placed != null) {
                container.networks.put(network, address);
                container.sites.addAll(placed);
                return;
            }
        }
        container.networks.put(network, joined.nextAddress());
    }

    private @Nullable List<FakeContainer.Placed> listen(FakeContainer container, String network, String address) {
        List<FakeContainer.Placed> placed = new ArrayList<>();
        for (int port : container.exposed()) {
            LoopbackHttp.Site site = core.http.listen(address, port, container.name);
            if (site == null) {
                placed.forEach(one -> one.site().close());
                return null;
            }
            placed.add(new FakeContainer.Placed(network, site));
        }
        return placed;
    }

    /** Takes it off this network. */
    void leave(FakeContainer container, String network) {
        container.networks.remove(network);
        container.sites.removeIf(one -> {
            boolean there = one.network().equals(network);
            if (there) {
                one.site().close();
            }
            return there;
        });
    }

    void end(FakeContainer container, int exitCode) {
        if (container.running()) {
            quiet(container);
            container.state = "exited";
            container.exitCode = exitCode;
            container.finished = core.now();
            tell(container, "die", Map.of("exitCode", String.valueOf(exitCode)));
            container.ended.complete(exitCode);
            if (Json.map(container.config, "HostConfig").get("AutoRemove") == Boolean.TRUE) {
                remove(container, false);
            }
        }
    }

    private static void quiet(FakeContainer container) {
        container.sites.forEach(one -> one.site().close());
        container.sites.clear();
        container.published.clear();
        container.networks.replaceAll((network, address) -> "");
    }

    /** Sends a signal; those that end a process end all but the deaf. */
    void signal(FakeContainer container, String signal) {
        if (!container.running()) {
            throw new EngineError(
                    409,
                    "Cannot kill container: " + container.name + ": Container " + container.id + " is not running");
        }
        String number = Signals.number(signal);
        tell(container, "kill", Map.of("signal", number));
        if (number.equals("9")) {
            end(container, 137);
        } else if (Signals.ends(number) && container.behaviour != ContainerBehaviour.DEAF) {
            end(container, 128 + Integer.parseInt(number));
        }
    }

    /** Stops it, by force after so many seconds; completes when it has ended. False if it does not run. */
    Optional<CompletableFuture<Integer>> stop(FakeContainer container, long seconds) {
        if (!container.running()) {
            return Optional.empty();
        }
        CompletableFuture<Integer> ended = container.ended;
        signal(container, "15");
        if (container.running() && seconds == 0) {
            signal(container, "9");
        } else if (container.running()) {
            var unused = core.scheduler.schedule(
                    Duration.ofSeconds(seconds),
                    () -> core.run(() -> {
                        if (container.running() && container.ended == ended) {
                            signal(container, "9");
                        }
                    }));
        }
        var unusedToo = ended.thenRun(() -> core.run(() -> tell(container, "stop", Map.of())));
        return Optional.of(ended);
    }

    void pause(FakeContainer container) {
        if (!container.state.equals("running")) {
            throw new EngineError(409, "Container " + container.id + " is not running");
        }
        container.state = "paused";
        container.sites.forEach(one -> one.site().silent(true));
        tell(container, "pause", Map.of());
    }

    void unpause(FakeContainer container) {
        if (!container.state.equals("paused")) {
            throw new EngineError(500, "Container " + container.id + " is not paused");
        }
        container.state = "running";
        container.sites.forEach(one -> one.site().silent(container.behaviour == ContainerBehaviour.SILENT));
        tell(container, "unpause", Map.of());
    }

    void remove(FakeContainer container, boolean force) {
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
            tell(container, "destroy", Map.of());
        }
    }

    void health(FakeContainer container, String health) {
        container.health = health;
        tell(container, "health_status: " + health, Map.of());
    }

    void rename(FakeContainer container, String newName) {
        if (find(newName).isPresent()) {
            throw new EngineError(
                    409, "Error when allocating new name: Conflict. The name \"/" + newName + "\" is taken");
        }
        String old = container.name;
        container.name = newName;
        tell(container, "rename", Map.of("oldName", "/" + old));
    }

    /** The engine ends, and its containers with it. */
    void endAll() {
        all().stream().filter(FakeContainer::running).forEach(container -> end(container, 137));
    }

    void tell(FakeContainer container, String action, Map<String, String> more) {
        Map<String, String> attributes = container.attributes();
        attributes.putAll(more);
        core.events.happened("container", action, container.id, attributes);
    }
}
