package io.github.lbkit.testkit.docker.internal.swarm;

import io.github.lbkit.testkit.docker.internal.http.JsonValues;
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
        return JsonValues.text(spec, "Name", "");
    }

    Map<String, Object> template() {
        return JsonValues.map(spec, "TaskTemplate");
    }

    /** The id. */
    public String id() {
        return id;
    }

    /** The desired number of tasks. */
    public int replicas() {
        return (int) JsonValues.number(JsonValues.map(spec, "Mode", "Replicated"), "Replicas", 1);
    }

    /** The container ports that each task publishes on its node. */
    List<Integer> ports() {
        List<Integer> ports = new ArrayList<>();
        for (Object port : JsonValues.list(JsonValues.map(spec, "EndpointSpec"), "Ports")) {
            if (JsonValues.text(JsonValues.asMap(port), "PublishMode", "ingress")
                    .equals("host")) {
                ports.add((int) JsonValues.number(JsonValues.asMap(port), "TargetPort", 0));
            }
        }
        return ports;
    }

    Map<String, Object> json() {
        Map<String, Object> service = JsonValues.object(
                "ID", id,
                "Version", JsonValues.object("Index", version),
                "CreatedAt", created.toString(),
                "UpdatedAt", created.toString(),
                "Spec", spec,
                "Endpoint", JsonValues.object("Spec", JsonValues.map(spec, "EndpointSpec")));
        if (update != null) {
            service.put("UpdateStatus", JsonValues.object("State", update, "Message", "update " + update));
        }
        return service;
    }
}
