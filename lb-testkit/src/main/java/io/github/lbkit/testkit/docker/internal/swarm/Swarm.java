package io.github.lbkit.testkit.docker.internal.swarm;

import io.github.lbkit.testkit.docker.internal.engine.EngineContext;
import io.github.lbkit.testkit.docker.internal.engine.LoopbackHttp;
import io.github.lbkit.testkit.docker.internal.http.EngineError;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
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

/**
 * The nodes, services and tasks of one engine, and the reconciliation of tasks with services. Guarded by the engine's
 * lock.
 */
public final class Swarm {
    final Map<String, SwarmNode> nodes = new LinkedHashMap<>();
    final Map<String, SwarmService> services = new LinkedHashMap<>();
    final List<SwarmTask> tasks = new ArrayList<>();
    private Duration startTime = Duration.ZERO;
    private Duration stopTime = Duration.ofMillis(20);
    private Duration restartDelay = Duration.ZERO;

    private final EngineContext context;

    /** Creates an inactive swarm. */
    public Swarm(EngineContext context) {
        this.context = context;
    }

    /** Sets the time from the placement of a task until it runs. */
    public void startTime(Duration value) {
        startTime = value;
    }

    /** Sets the time that a task which is to stop still serves. */
    public void stopTime(Duration value) {
        stopTime = value;
    }

    /** Sets the delay before a failed task is replaced. */
    public void restartDelay(Duration value) {
        restartDelay = value;
    }

    boolean active() {
        return !nodes.isEmpty();
    }

    /** Returns the member {@code Swarm} of {@code info}. */
    public Map<String, Object> info() {
        return JsonValues.object(
                "LocalNodeState", active() ? "active" : "inactive",
                "ControlAvailable", active(),
                "NodeID", active() ? nodes.values().iterator().next().id : "",
                "NodeAddr", active() ? nodes.values().iterator().next().address : "",
                "Nodes", nodes.size());
    }

    /** Adds a node; the first one is the manager. */
    public void join(String hostname) {
        String address = "127." + (220 + context.number % 30) + "." + context.number / 30 + "." + (nodes.size() + 1);
        SwarmNode node = new SwarmNode(context.newSwarmId(), hostname, address, nodes.isEmpty());
        nodes.put(hostname, node);
        context.events.record("node", "create", node.id, Map.of("name", hostname));
    }

    /** Returns the node of this hostname or id; throws an error 404 if there is none. */
    public SwarmNode node(String subject) {
        return nodes.values().stream()
                .filter(node -> node.id.equals(subject) || node.hostname.equals(subject))
                .findFirst()
                .orElseThrow(() -> new EngineError(404, "node " + subject + " not found"));
    }

    /** Returns the service of this name or id; throws an error 404 if there is none. */
    public SwarmService service(String subject) {
        return services.values().stream()
                .filter(service -> service.id.equals(subject) || service.name().equals(subject))
                .findFirst()
                .orElseThrow(() -> new EngineError(404, "service " + subject + " not found"));
    }

    /** Creates a service from its spec, and its tasks. */
    public SwarmService create(Map<String, Object> spec) {
        String name = JsonValues.text(spec, "Name", "");
        if (services.values().stream().anyMatch(existing -> existing.name().equals(name))) {
            throw new EngineError(
                    409,
                    "rpc error: code = AlreadyExists desc = name conflicts with an existing object: service " + name
                            + " already exists");
        }
        SwarmService service = new SwarmService(context.newSwarmId(), spec, context.now());
        services.put(service.id, service);
        context.events.record("service", "create", service.id, Map.of("name", name));
        reconcile(service);
        return service;
    }

    /** Updates the spec of a service; throws an error 500 if {@code version} is not the current one. */
    void update(SwarmService service, long version, Map<String, Object> spec) {
        if (version != service.version) {
            throw new EngineError(500, "rpc error: code = Unknown desc = update out of sequence");
        }
        boolean sameTemplate = JsonValues.map(spec, "TaskTemplate").equals(service.template());
        service.spec = spec;
        service.version++;
        context.events.record("service", "update", service.id, Map.of("name", service.name()));
        if (!sameTemplate) {
            service.update = "updating";
            Deque<SwarmTask> old = new ArrayDeque<>(live(service));
            roll(service, service.version, old);
        }
        reconcile(service);
    }

    /** Sets the number of replicas of a service. */
    public void scale(SwarmService service, int replicas) {
        Map<String, Object> spec = JsonValues.asMap(service.spec);
        spec.put("Mode", JsonValues.object("Replicated", JsonValues.object("Replicas", (long) replicas)));
        update(service, service.version, spec);
    }

    /** Removes a service and its tasks. */
    public void remove(SwarmService service) {
        services.remove(service.id);
        context.events.record("service", "remove", service.id, Map.of("name", service.name()));
        tasks.stream().filter(task -> task.service == service).toList().forEach(task -> stop(task, "remove"));
    }

    /** Stops and replaces the tasks of the old template, one after the other. */
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
        replace(next, stopTime);
        later(stopTime.plus(startTime), () -> roll(service, version, old));
    }

    /** Places another task in the slot of this one at once, and starts it after the delay. */
    private void replace(SwarmTask task, Duration delay) {
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

    /** Launches or stops tasks until their number is the number of replicas. */
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

    /** Returns the slots of the running tasks of a service in order. */
    public List<Integer> runningSlots(SwarmService service) {
        return live(service).stream()
                .filter(task -> task.state.equals("running"))
                .map(task -> task.slot)
                .sorted()
                .toList();
    }

    private List<SwarmTask> live(SwarmService service) {
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
                .filter(candidate -> !candidate.down)
                .min(Comparator.comparingLong(this::load))
                .orElse(null);
        if (node == null) {
            return null;
        }
        SwarmTask task = new SwarmTask(context.newSwarmId(), service, slot, node, context.now());
        tasks.add(task);
        return task;
    }

    private long load(SwarmNode node) {
        return tasks.stream().filter(task -> task.live() && task.node == node).count();
    }

    private void comeUp(SwarmTask task) {
        if (task.live() && task.state.equals("assigned")) {
            for (int port : task.service.ports()) {
                LoopbackHttp.Listener listener =
                        context.http.listen(task.node.address, 0, task.service.name() + "." + task.slot);
                if (listener != null) {
                    listener.unresponsive(task.node.unreachable);
                    task.published.add(new SwarmTask.PublishedPort(port, listener));
                }
            }
            task.state = "running";
            task.message = "started";
        }
    }

    /** Ends the tasks in a slot of a service as failed; other tasks replace them. */
    public void fail(SwarmService service, int slot) {
        live(service).stream().filter(task -> task.slot == slot).toList().forEach(this::fail);
    }

    private void fail(SwarmTask task) {
        end(task, "failed");
        task.desired = "shutdown";
        task.exitCode = 137;
        replace(task, restartDelay);
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
        task.published.forEach(port -> port.listener().close());
        task.published.clear();
        if (!task.over()) {
            task.state = state;
        }
    }

    /** Makes the tasks on a node unreachable or reachable; the manager does not notice. */
    public void unreachable(SwarmNode node, boolean value) {
        node.unreachable = value;
        tasks.stream()
                .filter(task -> task.node == node)
                .flatMap(task -> task.published.stream())
                .forEach(port -> port.listener().unresponsive(value));
    }

    /** Marks a node as down, as the manager does when it loses the node; other nodes take over its tasks. */
    public void down(SwarmNode node) {
        node.down = true;
        context.events.record("node", "update", node.id, Map.of("name", node.hostname, "state.new", "down"));
        tasks.stream().filter(task -> task.node == node).forEach(task -> task.desired = "shutdown");
        services.values().forEach(this::reconcile);
    }

    /** Marks a node as ready again; tasks that were replaced meanwhile end. */
    public void up(SwarmNode node) {
        node.down = false;
        unreachable(node, false);
        context.events.record("node", "update", node.id, Map.of("name", node.hostname, "state.new", "ready"));
        tasks.stream()
                .filter(task -> task.node == node && task.desired.equals("shutdown"))
                .forEach(task -> end(task, "shutdown"));
        services.values().forEach(this::reconcile);
    }

    private void later(Duration delay, Runnable work) {
        var unused = context.scheduler.schedule(delay, () -> context.run(work));
    }
}
