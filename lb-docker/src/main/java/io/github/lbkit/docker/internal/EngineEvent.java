package io.github.lbkit.docker.internal;

import java.util.Map;

/**
 * What an engine says has happened. Immutable.
 *
 * @param type of what it happened to, such as {@code container}
 * @param action such as {@code die}; for health, without the verdict
 * @param detail of the action: the verdict of health, else empty
 * @param id of what it happened to
 * @param attributes the labels of what it happened to, and what the action has to say
 */
public record EngineEvent(String type, String action, String detail, String id, Map<String, String> attributes) {
    /** Copies. */
    public EngineEvent {
        attributes = Map.copyOf(attributes);
    }

    static EngineEvent of(Json line) {
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
