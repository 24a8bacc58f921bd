package io.github.lbkit.testkit.docker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One task of a service: a container on some node. Confined to the engine's lock. */
final class SwarmTask {
    final String id;
    final SwarmService service;
    final int slot;
    final SwarmNode node;
    final Map<String, Object> template;
    final Instant created;
    String state = "assigned";
    String desired = "running";
    String message = "";
    int exitCode;

    /** What listens for it on its node, by the port of its container. */
    final List<Opened> opened = new ArrayList<>();

    /** A port of the container, and what listens for it. */
    record Opened(int port, LoopbackHttp.Site site) {}

    SwarmTask(String id, SwarmService service, int slot, SwarmNode node, Instant created) {
        this.id = id;
        this.service = service;
        this.slot = slot;
        this.node = node;
        this.template = service.template();
        this.created = created;
    }

    /** Whether it is to run, and does or may soon. */
    boolean live() {
        return (desired.equals("running") || desired.equals("ready")) && !over() && !node.down;
    }

    /** Whether it will never run again. */
    boolean over() {
        return state.equals("failed") || state.equals("shutdown") || state.equals("complete");
    }

    Map<String, Object> json() {
        List<Object> ports = new ArrayList<>();
        for (Opened one : opened) {
            Map<String, Object> port = Json.object(
                    "Protocol",
                    "tcp",
                    "TargetPort",
                    one.port(),
                    "PublishedPort",
                    one.site().port(),
                    "PublishMode",
                    "host");
            ports.add(port);
            ports.add(port);
        }
        Map<String, Object> status = Json.object(
                "Timestamp",
                created.toString(),
                "State",
                state,
                "Message",
                message,
                "ContainerStatus",
                Json.object("ContainerID", id + id, "PID", 0, "ExitCode", exitCode),
                "PortStatus",
                ports.isEmpty() ? Json.object() : Json.object("Ports", ports));
        return Json.object(
                "ID",
                id,
                "Version",
                Json.object("Index", 1),
                "CreatedAt",
                created.toString(),
                "UpdatedAt",
                created.toString(),
                "Labels",
                Json.object(),
                "Spec",
                template,
                "ServiceID",
                service.id,
                "Slot",
                slot,
                "NodeID",
                node.id,
                "Status",
                status,
                "DesiredState",
                desired);
    }
}
