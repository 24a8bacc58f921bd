package io.github.lbkit.testkit.docker;

import java.util.Map;

/** One machine of a swarm. Confined to the engine's lock. */
final class SwarmNode {
    final String id;
    final String hostname;
    final String address;
    final boolean manager;

    /** Whether the manager takes it for gone. */
    boolean down;

    /** Whether nobody reaches what runs on it. */
    boolean cutOff;

    SwarmNode(String id, String hostname, String address, boolean manager) {
        this.id = id;
        this.hostname = hostname;
        this.address = address;
        this.manager = manager;
    }

    Map<String, Object> json() {
        Map<String, Object> node = Json.object(
                "ID", id,
                "Version", Json.object("Index", 1),
                "Spec", Json.object("Role", manager ? "manager" : "worker", "Availability", "active"),
                "Description", Json.object("Hostname", hostname),
                "Status", Json.object("State", down ? "down" : "ready", "Addr", address));
        if (manager) {
            node.put(
                    "ManagerStatus",
                    Json.object("Leader", true, "Reachability", "reachable", "Addr", address + ":2377"));
        }
        return node;
    }
}
