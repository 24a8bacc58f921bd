package io.github.lbkit.testkit.docker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One service, as it was asked for. Confined to the engine's lock. */
final class SwarmService {
    final String id;
    final Instant created;
    Map<String, Object> spec;
    long version = 10;

    /** {@code updating} or {@code completed}; null while no update of the template has begun. */
    @Nullable
    String update;

    SwarmService(String id, Map<String, Object> spec, Instant created) {
        this.id = id;
        this.spec = spec;
        this.created = created;
    }

    String name() {
        return Json.text(spec, "Name", "");
    }

    Map<String, Object> template() {
        return Json.map(spec, "TaskTemplate");
    }

    int replicas() {
        return (int) Json.number(Json.map(spec, "Mode", "Replicated"), "Replicas", 1);
    }

    /** The ports of its containers that are published on their nodes. */
    List<Integer> ports() {
        List<Integer> ports = new ArrayList<>();
        for (Object port : Json.list(Json.map(spec, "EndpointSpec"), "Ports")) {
            if (Json.text(Json.asMap(port), "PublishMode", "ingress").equals("host")) {
                ports.add((int) Json.number(Json.asMap(port), "TargetPort", 0));
            }
        }
        return ports;
    }

    Map<String, Object> json() {
        Map<String, Object> service = Json.object(
                "ID", id,
                "Version", Json.object("Index", version),
                "CreatedAt", created.toString(),
                "UpdatedAt", created.toString(),
                "Spec", spec,
                "Endpoint", Json.object("Spec", Json.map(spec, "EndpointSpec")));
        if (update != null) {
            service.put("UpdateStatus", Json.object("State", update, "Message", "update " + update));
        }
        return service;
    }
}
