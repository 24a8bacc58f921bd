package io.github.lbkit.testkit.docker.internal.container;

import io.github.lbkit.testkit.docker.internal.engine.EngineContext;
import io.github.lbkit.testkit.docker.internal.http.Dispatcher;
import io.github.lbkit.testkit.docker.internal.http.EngineError;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import io.github.lbkit.testkit.docker.internal.http.QueryFilters;
import io.github.lbkit.testkit.docker.internal.http.Request;
import io.github.lbkit.testkit.docker.internal.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The handlers of the calls about networks. */
public final class NetworkCalls {
    private final EngineContext context;
    private final EngineContainers containers;
    private final Networks networks;

    /** Creates the handlers. */
    public NetworkCalls(EngineContext context, EngineContainers containers, Networks networks) {
        this.context = context;
        this.containers = containers;
        this.networks = networks;
    }

    /** Registers the handlers. */
    public void addTo(Dispatcher calls) {
        calls.on("GET", "/networks", (request, none) -> list(request))
                .on("POST", "/networks/create", (request, none) -> create(request))
                .on("POST", "/networks/*/connect", this::connect)
                .on("POST", "/networks/*/disconnect", this::disconnect)
                .on("GET", "/networks/*", (request, name) -> Response.json(json(networks.network(name))))
                .on("DELETE", "/networks/*", (request, name) -> remove(name));
    }

    private Response list(Request request) {
        QueryFilters filters = new QueryFilters(request.query("filters", ""));
        List<Object> listed = new ArrayList<>();
        for (Networks.Network network : networks.all().values()) {
            if (filters.any("name", network.name::contains)
                    && filters.labels(JsonValues.strings(JsonValues.map(network.config, "Labels")))) {
                listed.add(json(network));
            }
        }
        return Response.json(listed);
    }

    private Map<String, Object> json(Networks.Network network) {
        Map<String, Object> attached = JsonValues.object();
        for (EngineContainer container : containers.all()) {
            String address = container.networks.get(network.name);
            if (address != null && container.running()) {
                attached.put(container.id, JsonValues.object("Name", container.name, "IPv4Address", address + "/16"));
            }
        }
        return network.json(attached);
    }

    private Response create(Request request) {
        return Response.json(201, JsonValues.object("Id", networks.create(request.json()).id, "Warning", ""));
    }

    private Response remove(String name) {
        Networks.Network network = networks.network(name);
        boolean used = containers.all().stream()
                .anyMatch(container -> container.running() && container.networks.containsKey(network.name));
        if (used) {
            throw new EngineError(403, "error while removing network: network " + name + " has active endpoints");
        }
        networks.remove(network);
        return Response.empty(204);
    }

    private Response connect(Request request, String name) {
        EngineContainer container = containers.container(JsonValues.text(request.json(), "Container", ""));
        Networks.Network network = networks.network(name);
        container.networks.put(network.name, "");
        if (container.running()) {
            containers.join(container, network.name);
        }
        record(network, "connect", container);
        return Response.empty(200);
    }

    private Response disconnect(Request request, String name) {
        EngineContainer container = containers.container(JsonValues.text(request.json(), "Container", ""));
        Networks.Network network = networks.network(name);
        containers.leave(container, network.name);
        record(network, "disconnect", container);
        return Response.empty(200);
    }

    private void record(Networks.Network network, String action, EngineContainer container) {
        context.events.record("network", action, network.id, Map.of("name", network.name, "container", container.id));
    }
}
