package io.github.lbkit.testkit.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The calls about the engine as a whole, its events and its networks. */
final class SystemCalls {
    private final EngineCore core;
    private final EngineVersion version;
    private final Containers containers;
    private final FakeNetworks networks;
    private final Supplier<Map<String, Object>> swarm;

    SystemCalls(
            EngineCore core,
            EngineVersion version,
            Containers containers,
            FakeNetworks networks,
            Supplier<Map<String, Object>> swarm) {
        this.core = core;
        this.version = version;
        this.containers = containers;
        this.networks = networks;
        this.swarm = swarm;
    }

    void addTo(Dispatcher calls) {
        calls.on("GET", "/_ping", (request, none) -> ping())
                .on("HEAD", "/_ping", (request, none) -> ping())
                .on("GET", "/version", (request, none) -> version())
                .on("GET", "/info", (request, none) -> info())
                .on("GET", "/events", (request, none) -> Reply.stream("application/json", core.events.listen(request)))
                .on("GET", "/networks", (request, none) -> listNetworks(request))
                .on("POST", "/networks/create", (request, none) -> createNetwork(request))
                .on("POST", "/networks/*/connect", this::connect)
                .on("POST", "/networks/*/disconnect", this::disconnect)
                .on("GET", "/networks/*", (request, name) -> Reply.json(view(networks.network(name))))
                .on("DELETE", "/networks/*", (request, name) -> removeNetwork(name));
    }

    private Reply ping() {
        return Reply.text("OK").with("Api-Version", version.api());
    }

    private Reply version() {
        return Reply.json(Json.object(
                "Version", version.engine(),
                "ApiVersion", version.api(),
                "MinAPIVersion", version.minApi(),
                "Os", "linux",
                "Arch", "amd64",
                "KernelVersion", "fake",
                "GitCommit", "fake",
                "GoVersion", "fake"));
    }

    private Reply info() {
        return Reply.json(Json.object(
                "ID",
                core.name,
                "Name",
                core.name,
                "Containers",
                containers.all().size(),
                "ContainersRunning",
                containers.all().stream().filter(FakeContainer::running).count(),
                "ServerVersion",
                version.engine(),
                "OperatingSystem",
                "fake",
                "OSType",
                "linux",
                "LiveRestoreEnabled",
                false,
                "Swarm",
                swarm.get()));
    }

    private Reply listNetworks(Request request) {
        Filters filters = new Filters(request.query("filters", ""));
        List<Object> listed = new ArrayList<>();
        for (FakeNetworks.Network network : networks.all().values()) {
            if (filters.any("name", network.name::contains)
                    && filters.labels(Json.strings(Json.map(network.config, "Labels")))) {
                listed.add(view(network));
            }
        }
        return Reply.json(listed);
    }

    private Map<String, Object> view(FakeNetworks.Network network) {
        Map<String, Object> on = Json.object();
        for (FakeContainer container : containers.all()) {
            String address = container.networks.get(network.name);
            if (address != null && container.running()) {
                on.put(container.id, Json.object("Name", container.name, "IPv4Address", address + "/16"));
            }
        }
        return network.json(on);
    }

    private Reply createNetwork(Request request) {
        return Reply.json(201, Json.object("Id", networks.create(request.json()).id, "Warning", ""));
    }

    private Reply removeNetwork(String name) {
        FakeNetworks.Network network = networks.network(name);
        boolean used = containers.all().stream()
                .anyMatch(container -> container.running() && container.networks.containsKey(network.name));
        if (used) {
            throw new EngineError(403, "error while removing network: network " + name + " has active endpoints");
        }
        networks.remove(network);
        return Reply.nothing(204);
    }

    private Reply connect(Request request, String name) {
        FakeContainer container = containers.container(Json.text(request.json(), "Container", ""));
        FakeNetworks.Network network = networks.network(name);
        container.networks.put(network.name, "");
        if (container.running()) {
            containers.join(container, network.name);
        }
        tell(network, "connect", container);
        return Reply.nothing(200);
    }

    private Reply disconnect(Request request, String name) {
        FakeContainer container = containers.container(Json.text(request.json(), "Container", ""));
        FakeNetworks.Network network = networks.network(name);
        containers.leave(container, network.name);
        tell(network, "disconnect", container);
        return Reply.nothing(200);
    }

    private void tell(FakeNetworks.Network network, String action, FakeContainer container) {
        core.events.happened("network", action, network.id, Map.of("name", network.name, "container", container.id));
    }
}
