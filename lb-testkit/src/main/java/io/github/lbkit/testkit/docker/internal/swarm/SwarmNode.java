package io.github.lbkit.testkit.docker.internal.swarm;

import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import java.util.Map;

/** One machine of a swarm. Guarded by the engine's lock. */
public final class SwarmNode {
    final String id;
    final String hostname;
    final String address;
    final boolean manager;

    /** True if the manager considers the node lost. */
    boolean down;

    /** True if the tasks on the node are unreachable. */
    boolean unreachable;

    SwarmNode(String id, String hostname, String address, boolean manager) {
        this.id = id;
        this.hostname = hostname;
        this.address = address;
        this.manager = manager;
    }

    Map<String, Object> json() {
        Map<String, Object> node = JsonValues.object(
                "ID", id,
                "Version", JsonValues.object("Index", 1),
                "Spec", JsonValues.object("Role", manager ? "manager" : "worker", "Availability", "active"),
                "Description", JsonValues.object("Hostname", hostname),
                "Status", JsonValues.object("State", down ? "down" : "ready", "Addr", address));
        if (manager) {
            node.put(
                    "ManagerStatus",
                    JsonValues.object("Leader", true, "Reachability", "reachable", "Addr", address + ":2377"));
        }
        return node;
    }
}
