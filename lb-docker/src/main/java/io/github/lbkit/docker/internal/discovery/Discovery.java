package io.github.lbkit.docker.internal.discovery;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.pool.spi.PollLoop;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.docker.DiscoveryLabels;
import io.github.lbkit.docker.DiscoveryOptions;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineEvents;
import io.github.lbkit.docker.internal.follow.Generations;
import io.github.lbkit.docker.internal.follow.PollPauses;
import io.github.lbkit.docker.internal.follow.PoolView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The discovery of one engine's containers that carry a pool's label. Polls list the containers. Events report at once
 * that a container cannot serve, and request the next poll. Confined to the pool's scheduler, except for volatile
 * fields.
 */
public final class Discovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    /** The time for which a container that was asked to stop, and still runs, does not count as serving. */
    private static final long STOPPING_NANOS = Duration.ofSeconds(15).toNanos();

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

    private final DiscoveryOptions options;
    private final Engine engine;
    private final PoolView view;
    private final PollLoop<ContainerSnapshot> loop;
    private final EngineEvents events;
    private final ContainerAddresses addresses;
    private final Generations generations = new Generations();

    /** Events that a container cannot serve, by container, until a later poll has confirmed or refuted them. */
    private final Map<String, Outage> outages = new HashMap<>();

    private ContainerSnapshot latest = new ContainerSnapshot(List.of(), Map.of());
    private boolean listed;

    /** The start time of each container in the latest snapshot. */
    private Map<String, String> startTimes = Map.of();

    /** By container that was started again, the number of the last poll that may have missed the start. */
    private final Map<String, Long> restarts = new HashMap<>();

    /** The number of the last poll that may have missed the start of any container; -1 if there is none. */
    private long missedUntil = -1;

    /** The container of each server, so that the first of two containers with the same server id stays. */
    private Map<String, String> chosen = new HashMap<>();

    /** The reasons for which containers are no servers, by container; written by the scheduler, read by all. */
    private volatile Map<String, String> refused = Map.of();

    private record Outage(String reason, boolean stopping, long poll, long sinceNanos) {}

    /** Starts a discovery, which closes the engine when it is closed. */
    public Discovery(PoolContext context, Engine engine, DiscoveryOptions options) {
        this.options = options;
        this.engine = engine;
        view = new PoolView(context, options.drain());
        addresses = new ContainerAddresses(options.network(), engine.address());
        loop = new PollLoop<>(view.scheduler(), new PollPauses(options.relistInterval(), RETRY_INTERVAL), new Source());
        events = engine.events(ContainerEvents.filters(label()), new ContainerEvents(new EventListener()));
        loop.hint();
    }

    private String label() {
        return DiscoveryLabels.POOL + "=" + options.pool();
    }

    /** The published membership. */
    public PoolView view() {
        return view;
    }

    /** The reasons for which containers with the pool's label are no servers, by the name of the container. */
    public Map<String, String> refused() {
        return refused;
    }

    private final class Source implements PollLoop.Source<ContainerSnapshot> {
        @Override
        public CompletionStage<ContainerSnapshot> poll() {
            Map<String, String> trusted = new HashMap<>(missedUntil < 0 ? startTimes : Map.of());
            trusted.keySet().removeAll(restarts.keySet());
            Map<String, String> known = Map.copyOf(trusted);
            return engine.run(() -> ContainerSnapshot.take(engine, label(), options.timeout(), known));
        }

        @Override
        public void polled(ContainerSnapshot snapshot, long number) {
            long now = view.scheduler().nanoTime();
            outages.entrySet().removeIf(entry -> {
                Outage outage = entry.getValue();
                boolean over = !snapshot.startTimes().containsKey(entry.getKey())
                        || now - outage.sinceNanos() > STOPPING_NANOS;
                return outage.poll() < number && (over || !outage.stopping());
            });
            latest = snapshot;
            listed = true;
            startTimes = snapshot.startTimes();
            restarts.values().removeIf(until -> until < number);
            missedUntil = missedUntil < number ? -1 : missedUntil;
            publish();
            view.confirm();
        }

        @Override
        public void failed(Throwable failure, int failures) {
            view.failed(failure);
        }
    }

    /** The handler of events; it passes each to the scheduler, in order. */
    private final class EventListener implements ContainerEvents.Listener {
        @Override
        public void cannotServe(String container, String reason, boolean stopping) {
            view.scheduler().execute(() -> {
                long now = view.scheduler().nanoTime();
                outages.put(container, new Outage(reason, stopping, loop.started(), now));
                restarts.put(container, loop.started());
                publish();
            });
        }

        @Override
        public void started(String container) {
            view.scheduler().execute(() -> {
                outages.remove(container);
                restarts.put(container, loop.started());
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

        @Override
        public void eventsMissed() {
            view.scheduler().execute(() -> missedUntil = loop.started());
            loop.hint();
        }
    }

    private void publish() {
        if (!listed) {
            return;
        }
        Map<String, String> invalid = new TreeMap<>();
        Map<String, PoolView.Observed> observed = new TreeMap<>();
        Map<String, String> newest = new HashMap<>();
        for (Candidate container : inOrderOfPrecedence()) {
            try {
                ServerLabels labels = ServerLabels.of(container);
                String other = newest.get(labels.id());
                if (other == null) {
                    observed.put(labels.id(), observe(container, labels));
                    newest.put(labels.id(), container.id());
                } else if (serves(container)) {
                    invalid.put(
                            container.name(),
                            "server id '" + labels.id() + "' is taken by container " + nameOf(other)
                                    + "; give it its own " + DiscoveryLabels.ID);
                }
            } catch (ServerLabels.InvalidException e) {
                invalid.put(container.name(), e.reason());
            }
        }
        chosen = newest;
        refuse(invalid);
        generations.retain(Set.copyOf(allIds()));
        view.publish(observed.values(), this::stillRuns);
    }

    private PoolView.Observed observe(Candidate container, ServerLabels labels) {
        Server server = Server.starting(labels.id()).withWeight(labels.weight());
        Outage outage = outages.get(container.id());
        if (!container.runs()) {
            boolean created = container.state().equals("created");
            return new PoolView.Observed(
                    created ? server : server.withState(Server.State.DOWN),
                    outage == null ? "it is " + container.state() : outage.reason());
        }
        Address address = addresses.of(container, labels);
        String launch = container.id() + " " + latest.startTimes().getOrDefault(container.id(), "");
        var instance = generations.instance(container.name(), address, launch);
        if (outage != null) {
            return new PoolView.Observed(server.withInstance(Server.State.DOWN, instance), outage.reason());
        } else if (container.state().equals("paused")) {
            return new PoolView.Observed(server.withInstance(Server.State.DOWN, instance), "it is paused");
        } else if (container.health().equals("unhealthy")) {
            return new PoolView.Observed(server.withInstance(Server.State.DOWN, instance), "its health check fails");
        }
        boolean starting = container.health().equals("starting");
        return new PoolView.Observed(
                server.withInstance(starting ? Server.State.STARTING : Server.State.READY, instance), "");
    }

    /** Returns the containers in order: serving ones first, then those that are servers already, then the youngest. */
    private List<Candidate> inOrderOfPrecedence() {
        List<Candidate> ordered = new ArrayList<>(latest.containers());
        ordered.sort((a, b) -> {
            int serving = Boolean.compare(serves(b), serves(a));
            int known = Boolean.compare(chosen.containsValue(b.id()), chosen.containsValue(a.id()));
            int age = Long.compare(b.created(), a.created());
            return serving != 0 ? serving : known != 0 ? known : age != 0 ? age : a.id().compareTo(b.id());
        });
        return ordered;
    }

    private boolean serves(Candidate container) {
        return container.state().equals("running") && !outages.containsKey(container.id());
    }

    private boolean stillRuns(Server server) {
        String name = server.instance().map(instance -> instance.name()).orElse("");
        return latest.containers().stream()
                .anyMatch(container -> container.name().equals(name) && serves(container));
    }

    private String nameOf(String container) {
        return latest.containers().stream()
                .filter(candidate -> candidate.id().equals(container))
                .map(Candidate::name)
                .findFirst()
                .orElse(container);
    }

    private List<String> allIds() {
        return latest.containers().stream().map(Candidate::id).toList();
    }

    private void refuse(Map<String, String> invalid) {
        invalid.forEach((container, reason) -> {
            if (!reason.equals(refused.get(container))) {
                LOG.warn("pool {}: container {} is no server: {}", view.name(), container, reason);
            }
        });
        refused = Map.copyOf(invalid);
    }

    @Override
    public void close() {
        events.close();
        view.close();
        engine.close();
    }
}
