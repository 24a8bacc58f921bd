package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.api.Member;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.Server;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.SwarmOptions;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineEvents;
import io.github.lbkit.docker.internal.follow.Generations;
import io.github.lbkit.docker.internal.follow.PollLoop;
import io.github.lbkit.docker.internal.follow.PoolView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Follows the tasks of one service, by asking a manager again and again. Confined to the pool's scheduler, but for what is
 * volatile.
 */
public final class Service implements AutoCloseable {
    private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

    private final SwarmOptions options;
    private final Engine engine;
    private final PoolView following;
    private final Consumer<List<Member>> admission;
    private final TaskAddresses addresses;
    private final PollLoop<ServiceSnapshot> looking;
    private final EngineEvents events;
    private final Generations generations = new Generations();
    private final List<Runnable> watchers = new ArrayList<>();

    /** Tasks whose end an event has told and no look has confirmed yet. */
    private final Set<String> ended = new HashSet<>();

    private ServiceSnapshot latest = new ServiceSnapshot(List.of(), "");
    private boolean seen;

    /** The servers that the swarm wants, by slot; written by the scheduler, read by everyone. */
    private volatile List<String> desired = List.of();

    /** Opens it; the engine belongs to it from now on. */
    public Service(PoolContext context, Engine engine, SwarmOptions options) {
        this.options = options;
        this.engine = engine;
        following = new PoolView(context, options.drain());
        admission = context.admission();
        addresses = new TaskAddresses(options, engine.address());
        looking = new PollLoop<>(
                following.scheduler(), engine, new PollLoop.Timing(options.every(), AFTER_FAILURE), new Sight());
        events = engine.events(TaskEvents.filters(), new TaskEvents(new Ear()));
        looking.hint();
    }

    /** Asked before the service gets more tasks. */
    Consumer<List<Member>> admission() {
        return admission;
    }

    /** What the pool shows. */
    public PoolView following() {
        return following;
    }

    /** The servers that the swarm wants, by slot. */
    public List<String> desired() {
        return desired;
    }

    Engine engine() {
        return engine;
    }

    SwarmOptions options() {
        return options;
    }

    /** How the last update of the service goes. */
    String update() {
        return latest.update();
    }

    /** Why this server does not serve, as far as its newest task says. */
    String why(String server) {
        return latest.tasks().stream()
                .filter(task -> task.server().equals(server))
                .max(Comparator.comparing(Task::created))
                .map(Task::why)
                .orElse("it has no task");
    }

    /** Looks now. Thread-safe. */
    void hint() {
        looking.hint();
    }

    /** Runs this after each look, until it is taken away. */
    void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    private final class Sight implements PollLoop.Sight<ServiceSnapshot> {
        @Override
        public Supplier<ServiceSnapshot> prepare() {
            return () -> ServiceSnapshot.of(engine, options, addresses);
        }

        @Override
        public void seen(ServiceSnapshot found, long number) {
            latest = found;
            seen = true;
            Set<String> running = found.tasks().stream()
                    .filter(task -> task.state().equals("running"))
                    .map(Task::id)
                    .collect(Collectors.toSet());
            ended.retainAll(running);
            show();
            following.confirm();
            List.copyOf(watchers).forEach(Runnable::run);
        }

        @Override
        public void failed(Throwable why) {
            Throwable cause = why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
            if (seen && cause instanceof EngineException.NotFound) {
                seen(new ServiceSnapshot(List.of(), ""), looking.begun());
            }
            following.failed(cause);
        }
    }

    private final class Ear implements TaskEvents.Ear {
        @Override
        public void ended(String task) {
            following.scheduler().execute(() -> {
                if (latest.tasks().stream().anyMatch(one -> one.id().equals(task)) && ended.add(task)) {
                    show();
                }
            });
        }

        @Override
        public void hint() {
            looking.hint();
        }

        @Override
        public void reopened(String reason, Duration silence) {
            following.streamReopened(reason, silence);
        }
    }

    private void show() {
        Map<String, Task> bySlot = new TreeMap<>();
        for (Task task : latest.tasks()) {
            if (task.wanted()) {
                bySlot.merge(task.server(), task, this::better);
            }
        }
        List<PoolView.Shown> shown = new ArrayList<>();
        bySlot.forEach((server, task) -> shown.add(shown(server, task)));
        desired = bySlot.values().stream()
                .sorted(Comparator.comparingLong(Task::slot).thenComparing(Task::server))
                .map(Task::server)
                .toList();
        generations.keep(latest.tasks().stream().map(Task::id).collect(Collectors.toSet()));
        following.show(shown, this::alive);
    }

    /** Which of two tasks for one slot stands for it: one that serves, or else the younger. */
    private Task better(Task one, Task other) {
        boolean oneServes = serves(one);
        return oneServes != serves(other)
                ? (oneServes ? one : other)
                : one.created().compareTo(other.created()) >= 0 ? one : other;
    }

    private boolean serves(Task task) {
        return task.serves() && !ended.contains(task.id());
    }

    private PoolView.Shown shown(String id, Task task) {
        Server server = Server.starting(id);
        if (serves(task)) {
            return new PoolView.Shown(
                    server.withInstance(
                            Server.State.READY,
                            generations.instance(
                                    id + "." + task.id(), task.address().orElseThrow(), task.id())),
                    "");
        }
        String why = ended.contains(task.id()) ? "its container has ended" : task.why();
        boolean hasServed = following
                .membership()
                .server(id)
                .filter(was -> was.state() != Server.State.STARTING && was.state() != Server.State.DRAINING)
                .isPresent();
        return new PoolView.Shown(hasServed ? server.withState(Server.State.DOWN) : server, why);
    }

    /** Whether the task behind this server still runs, though the swarm wants it to stop. */
    private boolean alive(Server server) {
        String name = server.instance().map(instance -> instance.name()).orElse("");
        return latest.tasks().stream()
                .anyMatch(task -> task.runs() && !ended.contains(task.id()) && name.endsWith("." + task.id()));
    }

    @Override
    public void close() {
        events.close();
        following.close();
        engine.close();
    }
}
