package io.github.lbkit.docker.internal.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an engine says has happened. Immutable.
 *
 * @param type of what it happened to, such as {@code container}
 * @param action in Docker's word, such as {@code die}, also where Podman has another; for health, without the verdict
 * @param detail of the action: the verdict of health, which Podman leaves out; else empty
 * @param id of what it happened to
 * @param attributes the labels of what it happened to, and what the action has to say
 */
public record EngineEvent(String type, String action, String detail, String id, Map<String, String> attributes) {
    /** Copies; the exit code has Docker's name, {@code exitCode}. */
    public EngineEvent {
        Map<String, String> known = new LinkedHashMap<>(attributes);
        String podmans = attributes.get("containerExitCode");
        if (podmans != null) {
            known.putIfAbsent("exitCode", podmans);
        }
        attributes = Map.copyOf(known);
    }

    /** Docker's name of an action by the name that Podman has for it. */
    private static final Map<String, String> PODMAN = Map.of("died", "die", "remove", "destroy");

    /** What Docker and Podman call these actions of containers, in Docker's words. */
    public static List<String> names(List<String> actions) {
        List<String> names = new ArrayList<>(actions);
        PODMAN.forEach((podman, docker) -> {
            if (actions.contains(docker)) {
                names.add(podman);
            }
        });
        return names;
    }

    public static EngineEvent of(Json line) {
        EngineEvent said = asSaid(line);
        return said.type.equals("container") && PODMAN.containsKey(said.action)
                ? new EngineEvent(
                        said.type, PODMAN.getOrDefault(said.action, ""), said.detail, said.id, said.attributes)
                : said;
    }

    private static EngineEvent asSaid(Json line) {
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
