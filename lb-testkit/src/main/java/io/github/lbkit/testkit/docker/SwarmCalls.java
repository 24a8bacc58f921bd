package io.github.lbkit.testkit.docker;

import java.util.List;

/** The calls about a swarm's nodes, services and tasks. */
final class SwarmCalls {
    private final Swarm swarm;

    SwarmCalls(Swarm swarm) {
        this.swarm = swarm;
    }

    void addTo(Dispatcher calls) {
        calls.on("GET", "/nodes", managing((request, none) -> nodes()))
                .on(
                        "GET",
                        "/nodes/*",
                        managing((request, id) -> Reply.json(swarm.node(id).json())))
                .on("GET", "/services", managing((request, none) -> services(request)))
                .on("POST", "/services/create", managing((request, none) -> create(request)))
                .on("POST", "/services/*/update", managing(this::update))
                .on(
                        "GET",
                        "/services/*",
                        managing((request, id) -> Reply.json(swarm.service(id).json())))
                .on("DELETE", "/services/*", managing((request, id) -> remove(id)))
                .on("GET", "/tasks", managing((request, none) -> tasks(request)));
    }

    private Dispatcher.Handler managing(Dispatcher.Handler handler) {
        return (request, subject) -> {
            if (!swarm.active()) {
                throw new EngineError(
                        503,
                        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect"
                                + " this node to swarm and try again.");
            }
            return handler.handle(request, subject);
        };
    }

    private Reply nodes() {
        return Reply.json(swarm.nodes.values().stream().map(SwarmNode::json).toList());
    }

    private Reply services(Request request) {
        Filters filters = new Filters(request.query("filters", ""));
        return Reply.json(swarm.services.values().stream()
                .filter(service -> filters.any("name", service.name()::startsWith)
                        && filters.any("id", service.id::startsWith)
                        && filters.labels(Json.strings(Json.map(service.spec, "Labels"))))
                .map(SwarmService::json)
                .toList());
    }

    private Reply create(Request request) {
        return Reply.json(201, Json.object("ID", swarm.create(request.json()).id));
    }

    private Reply update(Request request, String id) {
        swarm.update(swarm.service(id), Long.parseLong(request.query("version", "-1")), request.json());
        return Reply.json(Json.object("Warnings", List.of()));
    }

    private Reply remove(String id) {
        swarm.remove(swarm.service(id));
        return Reply.nothing(200);
    }

    private Reply tasks(Request request) {
        Filters filters = new Filters(request.query("filters", ""));
        return Reply.json(swarm.tasks.stream()
                .filter(task -> filters.any(
                                "service", asked -> asked.equals(task.service.id) || asked.equals(task.service.name()))
                        && filters.any("node", asked -> asked.equals(task.node.id) || asked.equals(task.node.hostname))
                        && filters.any("desired-state", asked -> asked.equals(task.desired))
                        && filters.any("id", task.id::startsWith))
                .map(SwarmTask::json)
                .toList());
    }
}
