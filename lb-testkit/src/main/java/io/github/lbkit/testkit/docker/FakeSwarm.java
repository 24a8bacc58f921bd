package io.github.lbkit.testkit.docker;

import io.github.lbkit.testkit.docker.internal.engine.EngineContext;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import io.github.lbkit.testkit.docker.internal.swarm.Swarm;
import java.time.Duration;
import java.util.List;

/**
 * The swarm of a {@link FakeEngine}: machines, each with a loopback address, services with replicated tasks, and the
 * manager that places and replaces tasks. A test calls these methods to make machines and tasks fail. Thread-safe.
 */
public final class FakeSwarm {
    private final EngineContext context;
    private final Swarm swarm;

    FakeSwarm(EngineContext context, Swarm swarm) {
        this.context = context;
        this.swarm = swarm;
    }

    /** Makes the engine the manager of a swarm of these machines; the first is its own. */
    public void init(String... hostnames) {
        context.run(() -> List.of(hostnames).forEach(swarm::join));
    }

    /**
     * Creates a service whose tasks publish this container port on a free port of their machine, and returns its id.
     */
    public String createService(String name, int replicas, int port) {
        return context.call(() -> swarm.create(JsonValues.object(
                        "Name", name,
                        "Labels", JsonValues.object(),
                        "TaskTemplate",
                                JsonValues.object(
                                        "ContainerSpec",
                                        JsonValues.object("Image", FakeEngine.IMAGE),
                                        "ForceUpdate",
                                        0L),
                        "Mode", JsonValues.object("Replicated", JsonValues.object("Replicas", (long) replicas)),
                        "EndpointSpec",
                                JsonValues.object(
                                        "Ports",
                                        List.of(JsonValues.object(
                                                "Protocol", "tcp", "TargetPort", (long) port, "PublishMode", "host")))))
                .id());
    }

    /** Scales a service without the pool, as an operator would. */
    public void scale(String name, int replicas) {
        context.run(() -> swarm.scale(swarm.service(name), replicas));
    }

    /** Removes a service without the pool, as an operator would. */
    public void removeService(String name) {
        context.run(() -> swarm.remove(swarm.service(name)));
    }

    /** Kills the container of the task in this slot; the manager replaces the task. */
    public void kill(String service, int slot) {
        context.run(() -> swarm.fail(swarm.service(service), slot));
    }

    /** Makes the tasks on a machine unreachable before the manager notices. */
    public void cutOff(String hostname) {
        context.run(() -> swarm.unreachable(swarm.node(hostname), true));
    }

    /** Lets the manager notice that a machine is down; it starts the tasks of that machine on others. */
    public void down(String hostname) {
        context.run(() -> swarm.down(swarm.node(hostname)));
    }

    /** Brings a machine back. */
    public void up(String hostname) {
        context.run(() -> swarm.up(swarm.node(hostname)));
    }

    /** Sets the time from the placement of a task until it runs; 0 by default. */
    public void startTime(Duration value) {
        context.run(() -> swarm.startTime(value));
    }

    /** Sets the time that a task which is to stop still serves; 20 ms by default. */
    public void stopTime(Duration value) {
        context.run(() -> swarm.stopTime(value));
    }

    /** Sets the delay before the manager replaces a failed task; 0 by default. */
    public void restartDelay(Duration value) {
        context.run(() -> swarm.restartDelay(value));
    }

    /** Returns the desired number of tasks of a service. */
    public int replicas(String service) {
        return context.call(() -> swarm.service(service).replicas());
    }

    /** Returns the slots of the running tasks of a service in order. */
    public List<Integer> running(String service) {
        return context.call(() -> swarm.runningSlots(swarm.service(service)));
    }
}
