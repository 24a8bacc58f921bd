package io.github.lbkit.testkit.docker;

import java.time.Duration;
import java.util.List;

/**
 * The swarm of a {@link FakeEngine}: machines with loopback addresses of their own, services with replicated tasks, and the
 * manager that places and replaces them. A test commands here what happens to machines and tasks. Thread-safe.
 */
public final class FakeSwarm {
    private final EngineCore core;
    private final Swarm swarm;

    FakeSwarm(EngineCore core, Swarm swarm) {
        this.core = core;
        this.swarm = swarm;
    }

    /** Makes the engine a manager of these machines; the first is its own. */
    public void init(String... hostnames) {
        core.run(() -> List.of(hostnames).forEach(swarm::join));
    }

    /** Creates a service whose tasks publish this port of theirs at a free one of their machine; answers its id. */
    public String createService(String name, int replicas, int port) {
        return core.call(() -> swarm.create(Json.object(
                        "Name", name,
                        "Labels", Json.object(),
                        "TaskTemplate",
                                Json.object("ContainerSpec", Json.object("Image", FakeEngine.IMAGE), "ForceUpdate", 0L),
                        "Mode", Json.object("Replicated", Json.object("Replicas", (long) replicas)),
                        "EndpointSpec",
                                Json.object(
                                        "Ports",
                                        List.of(Json.object(
                                                "Protocol", "tcp", "TargetPort", (long) port, "PublishMode", "host")))))
                .id);
    }

    /** Somebody else scales a service. */
    public void scale(String name, int replicas) {
        core.run(() -> {
            SwarmService service = swarm.service(name);
            var spec = Json.asMap(service.spec);
            spec.put("Mode", Json.object("Replicated", Json.object("Replicas", (long) replicas)));
            swarm.update(service, service.version, spec);
        });
    }

    /** Somebody else removes a service. */
    public void removeService(String name) {
        core.run(() -> swarm.remove(swarm.service(name)));
    }

    /** The container of the task in this slot ends; the manager makes another. */
    public void kill(String service, int slot) {
        core.run(() -> swarm.live(swarm.service(service)).stream()
                .filter(task -> task.slot == slot)
                .toList()
                .forEach(swarm::fail));
    }

    /** What runs on this machine is silent from now on; the manager has not noticed. */
    public void cutOff(String hostname) {
        core.run(() -> swarm.cutOff(swarm.node(hostname), true));
    }

    /** The manager notices that a machine is gone, and makes its tasks anew on others. */
    public void down(String hostname) {
        core.run(() -> swarm.down(swarm.node(hostname)));
    }

    /** A machine is back. */
    public void up(String hostname) {
        core.run(() -> swarm.up(swarm.node(hostname)));
    }

    /** How long a task takes from its placement until it runs; nothing by default. */
    public void startTime(Duration value) {
        core.run(() -> swarm.startTime = value);
    }

    /** How long a task that is to stop still serves; 20 ms by default. */
    public void stopTime(Duration value) {
        core.run(() -> swarm.stopTime = value);
    }

    /** How long the manager waits before it replaces a task that failed; nothing by default. */
    public void restartDelay(Duration value) {
        core.run(() -> swarm.restartDelay = value);
    }

    /** How many tasks the service wants. */
    public int replicas(String service) {
        return core.call(() -> swarm.service(service).replicas());
    }

    /** The slots of the tasks that run, in order. */
    public List<Integer> running(String service) {
        return core.call(() -> swarm.live(swarm.service(service)).stream()
                .filter(task -> task.state.equals("running"))
                .map(task -> task.slot)
                .sorted()
                .toList());
    }
}
