package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.SwarmOptions;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A snapshot of a service and its tasks. Immutable.
 *
 * @param tasks all tasks that the manager keeps
 * @param update the state of the service's last update, such as {@code updating} or {@code paused}; empty for no update
 */
record ServiceSnapshot(List<Task> tasks, String update) {
    private static final Set<String> DOWN_STATES = Set.of("down", "disconnected");

    /** Asks a manager for the service, its tasks and the nodes; blocks. */
    static ServiceSnapshot take(Engine engine, SwarmOptions options, TaskAddresses addresses) {
        Json service = service(engine, options);
        int port = addresses.port(service);
        Json tasksOfService = ask(
                engine,
                options,
                EngineCall.list(
                        "/tasks", Map.of("service", List.of(service.at("ID").text("")))));
        Map<String, Json> nodes = new HashMap<>();
        for (Json node : ask(engine, options, EngineCall.get("/nodes")).elements()) {
            nodes.put(node.at("ID").text(""), node);
        }
        List<Task> tasks = new ArrayList<>();
        for (Json task : tasksOfService.elements()) {
            Json node = nodes.getOrDefault(task.at("NodeID").text(""), Json.ABSENT);
            long slot = task.at("Slot").number(0);
            tasks.add(new Task(
                    task.at("ID").text(""),
                    options.service() + "."
                            + (slot > 0
                                    ? String.valueOf(slot)
                                    : node.at("Description", "Hostname").text("unplaced")),
                    slot,
                    task.at("CreatedAt").text(""),
                    task.at("Status", "State").text(""),
                    task.at("DesiredState").text(""),
                    task.at("Status", "Err").text(task.at("Status", "Message").text("")),
                    !DOWN_STATES.contains(node.at("Status", "State").text("")),
                    addresses.of(task, port, nodes)));
        }
        return new ServiceSnapshot(
                List.copyOf(tasks), service.at("UpdateStatus", "State").text(""));
    }

    /** Returns the service from the list of services, since a filter in front of the engine may permit lists only. */
    private static Json service(Engine engine, SwarmOptions options) {
        return ask(engine, options, EngineCall.list("/services", Map.of("name", List.of(options.service()))))
                .elements()
                .stream()
                .filter(listed -> listed.at("Spec", "Name").text("").equals(options.service()))
                .findFirst()
                .orElseThrow(() -> new EngineException.NotFound("no service is called " + options.service() + " at "
                        + engine.address() + "; create it, or name another"));
    }

    private static Json ask(Engine engine, SwarmOptions options, EngineCall call) {
        return engine.ask(call.withTimeout(options.timeout()));
    }
}
