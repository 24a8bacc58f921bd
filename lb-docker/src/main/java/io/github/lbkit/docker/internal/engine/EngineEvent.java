package io.github.lbkit.docker.internal.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An event of an engine. Immutable.
 *
 * @param type the type of the object, such as {@code container}
 * @param action Docker's name of the action, such as {@code die}, also if the engine is Podman; for health checks
 *     without the result
 * @param detail the result of a health check, which Podman omits; empty for other actions
 * @param id the id of the object
 * @param attributes the labels of the object and the attributes of the action
 */
public record EngineEvent(String type, String action, String detail, String id, Map<String, String> attributes) {
    /** Copies the attributes and adds the exit code under Docker's name, {@code exitCode}. */
    public EngineEvent {
        Map<String, String> known = new LinkedHashMap<>(attributes);
        String podmanCode = attributes.get("containerExitCode");
        if (podmanCode != null) {
            known.putIfAbsent("exitCode", podmanCode);
        }
        attributes = Map.copyOf(known);
    }

    /** Docker's names of actions by Podman's names. */
    private static final Map<String, String> PODMAN = Map.of("died", "die", "remove", "destroy");

    /** Returns the names that Docker and Podman use for these actions, which are given by Docker's names. */
    public static List<String> names(List<String> actions) {
        List<String> names = new ArrayList<>(actions);
        PODMAN.forEach((podman, docker) -> {
            if (actions.contains(docker)) {
                names.add(podman);
            }
        });
        return names;
    }

    /** Returns the event that a line of the stream describes; the names of Podman become those of Docker. */
    public static EngineEvent of(Json line) {
        EngineEvent event = parse(line);
        return event.type.equals("container") && PODMAN.containsKey(event.action)
                ? new EngineEvent(
                        event.type, PODMAN.getOrDefault(event.action, ""), event.detail, event.id, event.attributes)
                : event;
    }

    private static EngineEvent parse(Json line) {
        String action = line.at("Action").text("");
        int colon = action.indexOf(':');
        return new EngineEvent(
                line.at("Type").text(""),
                colon < 0 ? action : action.substring(0, colon),
                colon < 0 ? "" : action.substring(colon + 1).strip(),
                line.at("Actor", "ID").text(""),
                line.at("Actor", "Attributes").texts());
    }
}
