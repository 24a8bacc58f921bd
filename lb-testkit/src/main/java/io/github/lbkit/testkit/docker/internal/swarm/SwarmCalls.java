package io.github.lbkit.testkit.docker.internal.swarm;

import io.github.lbkit.testkit.docker.internal.http.Dispatcher;
import io.github.lbkit.testkit.docker.internal.http.EngineError;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import io.github.lbkit.testkit.docker.internal.http.QueryFilters;
import io.github.lbkit.testkit.docker.internal.http.Request;
import io.github.lbkit.testkit.docker.internal.http.Response;
import java.util.List;

/** The handlers of the calls about nodes, services and tasks. */
public final class SwarmCalls {
    private final Swarm swarm;

    /** Creates the handlers. */
    public SwarmCalls(Swarm swarm) {
        this.swarm = swarm;
    }

    /** Registers the handlers. */
    public void addTo(Dispatcher calls) {
        calls.on("GET", "/nodes", onManager((request, none) -> nodes()))
                .on(
                        "GET",
                        "/nodes/*",
                        onManager((request, id) -> Response.json(swarm.node(id).json())))
                .on("GET", "/services", onManager((request, none) -> services(request)))
                .on("POST", "/services/create", onManager((request, none) -> create(request)))
                .on("POST", "/services/*/update", onManager(this::update))
                .on(
                        "GET",
                        "/services/*",
                        onManager(
                                (request, id) -> Response.json(swarm.service(id).json())))
                .on("DELETE", "/services/*", onManager((request, id) -> remove(id)))
                .on("GET", "/tasks", onManager((request, none) -> tasks(request)));
    }

    private Dispatcher.Handler onManager(Dispatcher.Handler handler) {
        return (request, subject) -> {
            if (!swarm.active()) {
                throw new EngineError(
                        503,
                        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to"
                                + " connect this node to swarm and try again.");
            }
            return handler.handle(request, subject);
        };
    }

    private Response nodes() {
        return Response.json(swarm.nodes.values().stream().map(SwarmNode::json).toList());
    }

    private Response services(Request request) {
        QueryFilters filters = new QueryFilters(request.query("filters", ""));
        return Response.json(swarm.services.values().stream()
                .filter(service -> filters.any("name", service.name()::startsWith)
                        && filters.any("id", service.id::startsWith)
                        && filters.labels(JsonValues.strings(JsonValues.map(service.spec, "Labels"))))
                .map(SwarmService::json)
                .toList());
    }

    private Response create(Request request) {
        return Response.json(201, JsonValues.object("ID", swarm.create(request.json()).id));
    }

    private Response update(Request request, String id) {
        swarm.update(swarm.service(id), Long.parseLong(request.query("version", "-1")), request.json());
        return Response.json(JsonValues.object("Warnings", List.of()));
    }

    private Response remove(String id) {
        swarm.remove(swarm.service(id));
        return Response.empty(200);
    }

    private Response tasks(Request request) {
        QueryFilters filters = new QueryFilters(request.query("filters", ""));
        return Response.json(swarm.tasks.stream()
                .filter(task -> filters.any(
                                "service",
                                wanted -> wanted.equals(task.service.id) || wanted.equals(task.service.name()))
                        && filters.any(
                                "node", wanted -> wanted.equals(task.node.id) || wanted.equals(task.node.hostname))
                        && filters.any("desired-state", wanted -> wanted.equals(task.desired))
                        && filters.any("id", task.id::startsWith))
                .map(SwarmTask::json)
                .toList());
    }
}
