package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.SwarmOptions;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one look at the service found. Immutable.
 *
 * @param tasks all that the manager remembers
 * @param update how the last update of the service goes, such as {@code updating} or {@code paused}; empty if there was none
 */
record ServiceSnapshot(List<Task> tasks, String update) {
    private static final Set<String> GONE = Set.of("down", "disconnected");

    /** Asks a manager; blocks. */
    static ServiceSnapshot of(Engine engine, SwarmOptions options, TaskAddresses addresses) {
        Json service = service(engine, options);
        int port = addresses.port(service);
        Json listed = ask(
                engine, options, filtered("/tasks", "service", service.at("ID").text("")));
        Map<String, Json> nodes = new HashMap<>();
        for (Json node : ask(engine, options, "/nodes").elements()) {
            nodes.put(node.at("ID").text(""), node);
        }
        List<Task> tasks = new ArrayList<>();
        for (Json task : listed.elements()) {
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
                    !GONE.contains(node.at("Status", "State").text("")),
                    addresses.of(task, port, nodes)));
        }
        return new ServiceSnapshot(
                List.copyOf(tasks), service.at("UpdateStatus", "State").text(""));
    }

    /** Lists are what a filter in front of the engine lets through. */
    private static Json service(Engine engine, SwarmOptions options) {
        return ask(engine, options, filtered("/services", "name", options.service())).elements().stream()
                .filter(one -> one.at("Spec", "Name").text("").equals(options.service()))
                .findFirst()
                .orElseThrow(() -> new EngineException.NotFound("no service is called " + options.service() + " at "
                        + engine.address() + "; create it, or name another"));
    }

    private static String filtered(String path, String name, String value) {
        String filters = Json.of(Map.of(name, List.of(value))).toString();
        return path + "?filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8);
    }

    private static Json ask(Engine engine, SwarmOptions options, String path) {
        return engine.ask(EngineCall.get(path).within(options.timeout()));
    }
}
