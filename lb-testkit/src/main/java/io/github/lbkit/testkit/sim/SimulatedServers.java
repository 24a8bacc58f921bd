package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.runtime.Scheduler;
import io.github.lbkit.testkit.ScriptedPool;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The servers of a running simulation, which the events of a scenario change. Confined to the thread of the simulation:
 * call its methods within events alone.
 */
public final class SimulatedServers {
    private final ScriptedPool pool = new ScriptedPool("simulated");
    private final Scheduler scheduler;
    private final RunMetrics metrics;
    private final RandomSource random;
    private final Map<String, Server> members = new TreeMap<>();

    /**
     * The instances by generation, including ended ones, which refuse late attempts. Never iterated: the order is
     * undefined.
     */
    private final Map<Long, SimulatedInstance> instances = new HashMap<>();

    SimulatedServers(Scheduler scheduler, RunMetrics metrics, RandomSource random, Map<String, ServerModel> models) {
        this.scheduler = scheduler;
        this.metrics = metrics;
        this.random = random;
        models.forEach((id, model) -> members.put(id, Server.ready(id, launch(id, model))));
        publish();
    }

    /** Runs a change after a delay. */
    public void after(Duration delay, Runnable change) {
        scheduler.schedule(delay, change);
    }

    /** Returns the ids of all members, sorted. */
    public List<String> ids() {
        return List.copyOf(members.keySet());
    }

    /** Returns the current model of a server. */
    public ServerModel model(String id) {
        return running(id).model();
    }

    /** Changes the model of a running instance. */
    public void setModel(String id, ServerModel model) {
        running(id).setModel(model);
    }

    /** Adds a server, which is ready at once. */
    public void add(String id, ServerModel model) {
        addAll(Map.of(id, model));
    }

    /** Adds servers in one change of the membership; they are ready at once. */
    public void addAll(Map<String, ServerModel> models) {
        new TreeMap<>(models).forEach((id, model) -> {
            if (members.containsKey(id)) {
                throw new IllegalArgumentException("'" + id + "' is a member already");
            }
            members.put(id, Server.ready(id, launch(id, model)));
        });
        publish();
    }

    /** Ends an instance before the pool notices: its attempts are cut, and later ones are refused. */
    public void crash(String id) {
        running(id).end();
    }

    /** Marks a server as down in the membership and ends its instance. */
    public void down(String id) {
        SimulatedInstance dead = running(id);
        put(member(id).withState(Server.State.DOWN));
        dead.end();
    }

    /** Launches a new instance of a server, which is ready at once. */
    public void restart(String id, ServerModel model) {
        running(id).end();
        put(member(id).withInstance(Server.State.READY, launch(id, model)));
    }

    /**
     * Crashes a server now, marks it as down after a delay, and restarts it with the same model after another delay.
     */
    public void crashAndRestart(String id, Duration noticedAfter, Duration backAfter) {
        ServerModel model = model(id);
        crash(id);
        after(noticedAfter, () -> down(id));
        after(noticedAfter.plus(backAfter), () -> restart(id, model));
    }

    /** Replaces an instance by a new one; the old instance has this time to finish its attempts in flight. */
    public void replace(String id, ServerModel model, Duration drainWithin) {
        Server old = member(id);
        put(old.withInstance(Server.State.READY, launch(id, model)));
        drain(old, drainWithin, () -> {});
    }

    /** Removes a server, which has this time to finish its attempts in flight. */
    public void remove(String id, Duration drainWithin) {
        Server old = member(id);
        put(old.withState(Server.State.DRAINING));
        drain(old, drainWithin, () -> {
            members.remove(id);
            publish();
        });
    }

    ServerPool pool() {
        return pool;
    }

    /** Returns the instance of a generation, running or ended. */
    SimulatedInstance instance(long generation) {
        SimulatedInstance found = instances.get(generation);
        if (found == null) {
            throw new IllegalStateException("generation " + generation + " was never launched");
        }
        return found;
    }

    private void drain(Server old, Duration within, Runnable then) {
        SimulatedInstance instance = instance(old.instance().orElseThrow().generation());
        var unused = pool.release(old.withState(Server.State.DRAINING), within).thenAccept(result -> {
            metrics.drained(result);
            // deferred: the balancer reports the result while it ends an attempt
            scheduler.execute(() -> {
                instance.end();
                then.run();
            });
        });
    }

    private Instance launch(String id, ServerModel model) {
        long generation = instances.size() + 1L;
        Instance instance = new Instance(id + "-" + generation, Address.of(id, 80), generation);
        instances.put(
                generation, new SimulatedInstance(instance, model, scheduler, random.split(id + "/" + generation)));
        return instance;
    }

    private SimulatedInstance running(String id) {
        return instance(member(id).instance().orElseThrow().generation());
    }

    private Server member(String id) {
        Server server = members.get(id);
        if (server == null) {
            throw new IllegalArgumentException("no server has the id '" + id + "'; the servers are " + ids());
        }
        return server;
    }

    private void put(Server server) {
        members.put(server.id(), server);
        publish();
    }

    private void publish() {
        pool.publish(members.values().toArray(Server[]::new));
    }
}
