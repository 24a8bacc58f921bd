package io.github.lbkit.testkit.sim;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Scheduler;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.testkit.ScriptedPool;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The servers of a simulation that runs, for the events of a scenario to change. Confined to the simulation's thread: use
 * it inside events alone.
 */
public final class SimulatedServers {
    private final ScriptedPool pool = new ScriptedPool("simulated");
    private final Scheduler scheduler;
    private final Tally tally;
    private final Draws draws;
    private final Map<String, Server> members = new TreeMap<>();

    /** By generation, also those that are gone: who comes too late is refused. Looked up, never walked. */
    private final Map<Long, SimulatedInstance> instances = new HashMap<>();

    SimulatedServers(Scheduler scheduler, Tally tally, Draws draws, Map<String, ServerModel> models) {
        this.scheduler = scheduler;
        this.tally = tally;
        this.draws = draws;
        models.forEach((id, model) -> members.put(id, Server.ready(id, launch(id, model))));
        publish();
    }

    /** Runs this so long from now. */
    public void after(Duration delay, Runnable change) {
        scheduler.schedule(delay, change);
    }

    /** The ids of all members, sorted. */
    public List<String> ids() {
        return List.copyOf(members.keySet());
    }

    /** What the server is like now. */
    public ServerModel model(String id) {
        return running(id).model();
    }

    /** The same instance is like this from now on. */
    public void become(String id, ServerModel model) {
        running(id).become(model);
    }

    /** A new member joins and is ready at once. */
    public void add(String id, ServerModel model) {
        addAll(Map.of(id, model));
    }

    /** New members join in one change of the membership and are ready at once. */
    public void addAll(Map<String, ServerModel> models) {
        new TreeMap<>(models).forEach((id, model) -> {
            if (members.containsKey(id)) {
                throw new IllegalArgumentException("'" + id + "' is a member already");
            }
            members.put(id, Server.ready(id, launch(id, model)));
        });
        publish();
    }

    /** The instance dies, and the pool has not noticed yet: what is under way is cut, what comes is refused. */
    public void crash(String id) {
        running(id).end();
    }

    /** The pool notices that the instance is dead; what it may still do is cut. */
    public void down(String id) {
        SimulatedInstance dead = running(id);
        put(member(id).withState(Server.State.DOWN));
        dead.end();
    }

    /** Another instance takes the place of a dead one, under the next generation, and is ready at once. */
    public void restart(String id, ServerModel model) {
        running(id).end();
        put(member(id).withInstance(Server.State.READY, launch(id, model)));
    }

    /** Crashes now, is noticed after a while, and is back, as it was, some time after that. */
    public void crashAndRestart(String id, Duration noticedAfter, Duration backAfter) {
        ServerModel model = model(id);
        crash(id);
        after(noticedAfter, () -> down(id));
        after(noticedAfter.plus(backAfter), () -> restart(id, model));
    }

    /** Another instance takes over, then the old one gets this long to finish what it has in flight. */
    public void replace(String id, ServerModel model, Duration drainWithin) {
        Server old = member(id);
        put(old.withInstance(Server.State.READY, launch(id, model)));
        drain(old, drainWithin, () -> {});
    }

    /** The server leaves: no new attempts, this long to finish, then it is gone. */
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

    /** The instance of this generation, running or gone. */
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
            tally.drained(result);
            // not at once: the balancer tells it in the middle of somebody's attempt
            scheduler.execute(() -> {
                instance.end();
                then.run();
            });
        });
    }

    private Instance launch(String id, ServerModel model) {
        long generation = instances.size() + 1L;
        Instance instance = new Instance(id + "-" + generation, Address.of(id, 80), generation);
        instances.put(generation, new SimulatedInstance(instance, model, scheduler, draws.part(id + "/" + generation)));
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
