package io.github.lbkit.testkit.docker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Nodes, services and tasks, and what makes the tasks be as the services say. Confined to the engine's lock. */
final class Swarm {
    final Map<String, SwarmNode> nodes = new LinkedHashMap<>();
    final Map<String, SwarmService> services = new LinkedHashMap<>();
    final List<SwarmTask> tasks = new ArrayList<>();
    Duration startTime = Duration.ZERO;
    Duration stopTime = Duration.ofMillis(20);
    Duration restartDelay = Duration.ZERO;

    private final EngineCore core;

    Swarm(EngineCore core) {
        this.core = core;
    }

    boolean active() {
        return !nodes.isEmpty();
    }

    /** What the engine says of its swarm. */
    Map<String, Object> info() {
        return Json.object(
                "LocalNodeState", active() ? "active" : "inactive",
                "ControlAvailable", active(),
                "NodeID", active() ? nodes.values().iterator().next().id : "",
                "NodeAddr", active() ? nodes.values().iterator().next().address : "",
                "Nodes", nodes.size());
    }

    void join(String hostname) {
        String address = "127." + (220 + core.number % 30) + "." + core.number / 30 + "." + (nodes.size() + 1);
        SwarmNode node = new SwarmNode(core.newSwarmId(), hostname, address, nodes.isEmpty());
        nodes.put(hostname, node);
        core.events.happened("node", "create", node.id, Map.of("name", hostname));
    }

    SwarmNode node(String subject) {
        return nodes.values().stream()
                .filter(one -> one.id.equals(subject) || one.hostname.equals(subject))
                .findFirst()
                .orElseThrow(() -> new EngineError(404, "node " + subject + " not found"));
    }

    SwarmService service(String subject) {
        return services.values().stream()
                .filter(one -> one.id.equals(subject) || one.name().equals(subject))
                .findFirst()
                .orElseThrow(() -> new EngineError(404, "service " + subject + " not found"));
    }

    SwarmService create(Map<String, Object> spec) {
        String name = Json.text(spec, "Name", "");
        if (services.values().stream().anyMatch(one -> one.name().equals(name))) {
            throw new EngineError(
                    409,
                    "rpc error: code = AlreadyExists desc = name conflicts with an existing object: service " + name
                            + " already exists");
        }
        SwarmService service = new SwarmService(core.newSwarmId(), spec, core.now());
        services.put(service.id, service);
        core.events.happened("service", "create", service.id, Map.of("name", name));
        reconcile(service);
        return service;
    }

    void update(SwarmService service, long version, Map<String, Object> spec) {
        if (version != service.version) {
            throw new EngineError(500, "rpc error: code = Unknown desc = update out of sequence");
        }
        boolean sameTemplate = Json.map(spec, "TaskTemplate").equals(service.template());
        service.spec = spec;
        service.version++;
        core.events.happened("service", "update", service.id, Map.of("name", service.name()));
        if (!sameTemplate) {
            service.update = "updating";
            Deque<SwarmTask> old = new ArrayDeque<>(live(service));
            roll(service, service.version, old);
        }
        reconcile(service);
    }

    void remove(SwarmService service) {
        services.remove(service.id);
        core.events.happened("service", "remove", service.id, Map.of("name", service.name()));
        tasks.stream().filter(task -> task.service == service).toList().forEach(task -> stop(task, "remove"));
    }

    /** One task of the old template after the other is stopped, and replaced. */
    private void roll(SwarmService service, long version, Deque<SwarmTask> old) {
        SwarmTask next = old.poll();
        if (service.version != version || !services.containsKey(service.id)) {
            return;
        }
        if (next == null) {
            service.update = "completed";
            service.version++;
            return;
        }
        stop(next, "shutdown");
        succeed(next, stopTime);
        later(stopTime.plus(startTime), () -> roll(service, version, old));
    }

    /** Another task takes this one's slot, at once in name, and to run after a while. */
    private void succeed(SwarmTask task, Duration delay) {
        if (services.containsKey(task.service.id) && task.slot <= task.service.replicas()) {
            SwarmTask successor = place(task.service, task.slot);
            if (successor != null) {
                successor.desired = "ready";
                later(delay, () -> {
                    if (successor.desired.equals("ready")) {
                        successor.desired = "running";
                        later(startTime, () -> comeUp(successor));
                    }
                });
            }
        }
    }

    /** Makes the tasks of a service as many as it wants. */
    void reconcile(SwarmService service) {
        List<SwarmTask> live = live(service);
        Set<Integer> slots = live.stream().map(task -> task.slot).collect(Collectors.toCollection(TreeSet::new));
        for (int slot = 1; slots.size() < service.replicas(); slot++) {
            if (slots.add(slot)) {
                launch(service, slot);
            }
        }
        live.stream()
                .sorted(Comparator.comparingInt((SwarmTask task) -> task.slot).reversed())
                .limit(Math.max(0, slots.size() - service.replicas()))
                .forEach(task -> stop(task, "remove"));
    }

    List<SwarmTask> live(SwarmService service) {
        return tasks.stream()
                .filter(task -> task.service == service && task.live())
                .toList();
    }

    private void launch(SwarmService service, int slot) {
        SwarmTask task = place(service, slot);
        if (task != null) {
            later(startTime, () -> comeUp(task));
        }
    }

    private @Nullable SwarmTask place(SwarmService service, int slot) {
        SwarmNode node = nodes.values().stream()
                .filter(one -> !one.down)
                .min(Comparator.comparingLong(this::load))
                .orElse(null);
        if (node == null) {
            return null;
        }
        SwarmTask task = new SwarmTask(core.newSwarmId(), service, slot, node, core.now());
        tasks.add(task);
        return task;
    }

    private long load(SwarmNode node) {
        return tasks.stream().filter(task -> task.live() && task.node == node).count();
    }

    private void comeUp(SwarmTask task) {
        if (task.live() && task.state.equals("assigned")) {
            for (int port : task.service.ports()) {
                LoopbackHttp.Site site = core.http.listen(task.node.address, 0, task.service.name() + "." + task.slot);
                if (site != null) {
                    site.silent(task.node.cutOff);
                    task.opened.add(new SwarmTask.Opened(port, site));
                }
            }
            task.state = "running";
            task.message = "started";
        }
    }

    /** Its container ends by itself; another task takes its slot. */
    void fail(SwarmTask task) {
        end(task, "failed");
        task.desired = "shutdown";
        task.exitCode = 137;
        succeed(task, restartDelay);
    }

    private void stop(SwarmTask task, String desired) {
        task.desired = desired;
        later(stopTime, () -> {
            end(task, "shutdown");
            if (desired.equals("remove")) {
                tasks.remove(task);
            }
        });
    }

    private static void end(SwarmTask task, String state) {
        task.opened.forEach(one -> one.site().close());
        task.opened.clear();
        if (!task.over()) {
            task.state = state;
        }
    }

    /** What runs on this node is not reached any more, or is again; the manager has not noticed. */
    void cutOff(SwarmNode node, boolean value) {
        node.cutOff = value;
        tasks.stream()
                .filter(task -> task.node == node)
                .flatMap(task -> task.opened.stream())
                .forEach(one -> one.site().silent(value));
    }

    /** The manager notices that a node is gone. */
    void down(SwarmNode node) {
        node.down = true;
        core.events.happened("node", "update", node.id, Map.of("name", node.hostname, "state.new", "down"));
        tasks.stream().filter(task -> task.node == node).forEach(task -> task.desired = "shutdown");
        services.values().forEach(this::reconcile);
    }

    /** A node is back: what it still ran does not belong to anybody any more. */
    void up(SwarmNode node) {
        node.down = false;
        cutOff(node, false);
        core.events.happened("node", "update", node.id, Map.of("name", node.hostname, "state.new", "ready"));
        tasks.stream()
                .filter(task -> task.node == node && task.desired.equals("shutdown"))
                .forEach(task -> end(task, "shutdown"));
        services.values().forEach(this::reconcile);
    }

    private void later(Duration delay, Runnable work) {
        var unused = core.scheduler.schedule(delay, () -> core.run(work));
    }
}
