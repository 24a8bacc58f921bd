package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.spi.PollLoop;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.SwarmOptions;
import io.github.lbkit.docker.internal.engine.Causes;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineEvents;
import io.github.lbkit.docker.internal.follow.Generations;
import io.github.lbkit.docker.internal.follow.PollPauses;
import io.github.lbkit.docker.internal.follow.PoolView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A swarm service whose tasks are the servers of a pool, read from a manager at an interval. Confined to the pool's
 * scheduler, except for volatile fields.
 */
public final class Service implements AutoCloseable {
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);

    private final SwarmOptions options;
    private final Engine engine;
    private final PoolView view;
    private final Consumer<List<Member>> admission;
    private final TaskAddresses addresses;
    private final PollLoop<ServiceSnapshot> loop;
    private final EngineEvents events;
    private final Generations generations = new Generations();
    private final List<Runnable> watchers = new ArrayList<>();

    /** Tasks that have ended according to an event and still run in the latest snapshot. */
    private final Set<String> ended = new HashSet<>();

    private ServiceSnapshot latest = new ServiceSnapshot(List.of(), "");
    private boolean listed;

    /** The servers that the swarm desires, by slot; written by the scheduler, read by all. */
    private volatile List<String> desired = List.of();

    /** Opens the service, which closes the engine when it is closed. */
    public Service(PoolContext context, Engine engine, SwarmOptions options) {
        this.options = options;
        this.engine = engine;
        view = new PoolView(context, options.drain());
        admission = context.admission();
        addresses = new TaskAddresses(options, engine.address());
        loop = new PollLoop<>(view.scheduler(), new PollPauses(options.pollInterval(), RETRY_INTERVAL), new Source());
        events = engine.events(TaskEvents.filters(), new TaskEvents(new EventListener()));
        loop.hint();
    }

    /** The check of the members that a change would lead to. */
    Consumer<List<Member>> admission() {
        return admission;
    }

    /** The published membership. */
    public PoolView view() {
        return view;
    }

    /** The servers that the swarm desires, by slot. */
    public List<String> desired() {
        return desired;
    }

    Engine engine() {
        return engine;
    }

    SwarmOptions options() {
        return options;
    }

    /** The state of the service's last update. */
    String updateState() {
        return latest.update();
    }

    /** Returns the reason for which a server does not serve, from its newest task. */
    String reason(String server) {
        return latest.tasks().stream()
                .filter(task -> task.server().equals(server))
                .max(Comparator.comparing(Task::created))
                .map(Task::reason)
                .orElse("it has no task");
    }

    /** Requests a poll. Thread-safe. */
    void hint() {
        loop.hint();
    }

    /** Registers a task that runs after each poll. */
    void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    private final class Source implements PollLoop.Source<ServiceSnapshot> {
        @Override
        public CompletionStage<ServiceSnapshot> poll() {
            return engine.run(() -> ServiceSnapshot.take(engine, options, addresses));
        }

        @Override
        public void polled(ServiceSnapshot snapshot, long number) {
            latest = snapshot;
            listed = true;
            Set<String> running = snapshot.tasks().stream()
                    .filter(task -> task.state().equals("running"))
                    .map(Task::id)
                    .collect(Collectors.toSet());
            ended.retainAll(running);
            publish();
            view.confirm();
            List.copyOf(watchers).forEach(Runnable::run);
        }

        @Override
        public void failed(Throwable failure, int failures) {
            Throwable cause = Causes.unwrap(failure);
            if (listed && cause instanceof EngineException.NotFound) {
                polled(new ServiceSnapshot(List.of(), ""), loop.started());
            }
            view.failed(cause);
        }
    }

    private final class EventListener implements TaskEvents.Listener {
        @Override
        public void ended(String id) {
            view.scheduler().execute(() -> {
                if (latest.tasks().stream().anyMatch(task -> task.id().equals(id)) && ended.add(id)) {
                    publish();
                }
            });
        }

        @Override
        public void hint() {
            loop.hint();
        }

        @Override
        public void reopened(String reason, Duration silence) {
            view.streamReopened(reason, silence);
        }
    }

    private void publish() {
        Map<String, Task> bySlot = new TreeMap<>();
        for (Task task : latest.tasks()) {
            if (task.wanted()) {
                bySlot.merge(task.server(), task, this::better);
            }
        }
        List<PoolView.Observed> observed = new ArrayList<>();
        bySlot.forEach((server, task) -> observed.add(observe(server, task)));
        desired = bySlot.values().stream()
                .sorted(Comparator.comparingLong(Task::slot).thenComparing(Task::server))
                .map(Task::server)
                .toList();
        generations.retain(latest.tasks().stream().map(Task::id).collect(Collectors.toSet()));
        view.publish(observed, this::stillRuns);
    }

    /** Returns the task that represents a slot: the one that serves, otherwise the younger one. */
    private Task better(Task first, Task second) {
        boolean firstServes = serves(first);
        return firstServes != serves(second)
                ? (firstServes ? first : second)
                : first.created().compareTo(second.created()) >= 0 ? first : second;
    }

    private boolean serves(Task task) {
        return task.serves() && !ended.contains(task.id());
    }

    private PoolView.Observed observe(String id, Task task) {
        Server server = Server.starting(id);
        if (serves(task)) {
            return new PoolView.Observed(
                    server.withInstance(
                            Server.State.READY,
                            generations.instance(
                                    id + "." + task.id(), task.address().orElseThrow(), task.id())),
                    "");
        }
        String reason = ended.contains(task.id()) ? "its container has ended" : task.reason();
        boolean hasServed = view.membership()
                .server(id)
                .filter(before -> before.state() != Server.State.STARTING && before.state() != Server.State.DRAINING)
                .isPresent();
        return new PoolView.Observed(hasServed ? server.withState(Server.State.DOWN) : server, reason);
    }

    /** Returns true if the task of this server still runs though the swarm stops it. */
    private boolean stillRuns(Server server) {
        String name = server.instance().map(instance -> instance.name()).orElse("");
        return latest.tasks().stream()
                .anyMatch(task -> task.runs() && !ended.contains(task.id()) && name.endsWith("." + task.id()));
    }

    @Override
    public void close() {
        events.close();
        view.close();
        engine.close();
    }
}
