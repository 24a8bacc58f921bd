package io.github.lbkit.testkit.docker.internal.swarm;

import io.github.lbkit.testkit.docker.internal.http.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One service with its spec. Guarded by the engine's lock. */
public final class SwarmService {
    final String id;
    final Instant created;
    Map<String, Object> spec;
    long version = 10;

    /** The update state, {@code updating} or {@code completed}; null before the first update of the template. */
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

    /** The id. */
    public String id() {
        return id;
    }

    /** The desired number of tasks. */
    public int replicas() {
        return (int) Json.number(Json.map(spec, "Mode", "Replicated"), "Replicas", 1);
    }

    /** The container ports that each task publishes on its node. */
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
