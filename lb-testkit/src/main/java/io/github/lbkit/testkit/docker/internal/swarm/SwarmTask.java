package io.github.lbkit.testkit.docker.internal.swarm;

import io.github.lbkit.testkit.docker.internal.engine.LoopbackHttp;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One task of a service: a container on a node. Guarded by the engine's lock. */
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

    /** The ports that the task publishes on its node. */
    final List<PublishedPort> published = new ArrayList<>();

    /** A port of the container and its listener on the node. */
    record PublishedPort(int port, LoopbackHttp.Listener listener) {}

    SwarmTask(String id, SwarmService service, int slot, SwarmNode node, Instant created) {
        this.id = id;
        this.service = service;
        this.slot = slot;
        this.node = node;
        this.template = service.template();
        this.created = created;
    }

    /** Returns whether the task runs or is about to run. */
    boolean live() {
        return (desired.equals("running") || desired.equals("ready")) && !over() && !node.down;
    }

    /** Returns whether the task has ended. */
    boolean over() {
        return state.equals("failed") || state.equals("shutdown") || state.equals("complete");
    }

    Map<String, Object> json() {
        List<Object> ports = new ArrayList<>();
        for (PublishedPort open : published) {
            Map<String, Object> port = JsonValues.object(
                    "Protocol",
                    "tcp",
                    "TargetPort",
                    open.port(),
                    "PublishedPort",
                    open.listener().port(),
                    "PublishMode",
                    "host");
            ports.add(port);
            ports.add(port);
        }
        Map<String, Object> status = JsonValues.object(
                "Timestamp",
                created.toString(),
                "State",
                state,
                "Message",
                message,
                "ContainerStatus",
                JsonValues.object("ContainerID", id + id, "PID", 0, "ExitCode", exitCode),
                "PortStatus",
                ports.isEmpty() ? JsonValues.object() : JsonValues.object("Ports", ports));
        return JsonValues.object(
                "ID",
                id,
                "Version",
                JsonValues.object("Index", 1),
                "CreatedAt",
                created.toString(),
                "UpdatedAt",
                created.toString(),
                "Labels",
                JsonValues.object(),
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
