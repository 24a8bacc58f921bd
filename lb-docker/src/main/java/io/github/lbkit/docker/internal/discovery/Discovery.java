package io.github.lbkit.docker.internal.discovery;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.PoolContext;
import io.github.lbkit.api.Server;
import io.github.lbkit.docker.DiscoveryLabels;
import io.github.lbkit.docker.DiscoveryOptions;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineEvents;
import io.github.lbkit.docker.internal.follow.Generations;
import io.github.lbkit.docker.internal.follow.PollLoop;
import io.github.lbkit.docker.internal.follow.PoolView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the containers of one engine that carry a pool's label. Lists say what there is; events say at once what does not
 * serve any more, and that it is time for another list. Confined to the pool's scheduler, but for what is volatile.
 */
public final class Discovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    /** How long a container that was asked to stop may still run and not be taken for one that serves. */
    private static final long STOPPING_NANOS = Duration.ofSeconds(15).toNanos();

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final DiscoveryOptions options;
    private final Engine engine;
    private final PoolView following;
    private final PollLoop<ContainerSnapshot> looking;
    private final EngineEvents events;
    private final ContainerAddresses whereabouts;
    private final Generations generations = new Generations();

    /** What events said since the last list that can know of it, by container. */
    private final Map<String, Unfit> unfit = new HashMap<>();

    private ContainerSnapshot latest = new ContainerSnapshot(List.of(), Map.of());
    private boolean seen;

    /** When each container was started, as the latest list knows it. */
    private Map<String, String> launches = Map.of();

    /** By container, the last look that cannot know when it was started anew. */
    private final Map<String, Long> relaunched = new HashMap<>();

    /** The last look that cannot know of any container when it was started. */
    private long gapUntil = -1;

    /** Which container is each server, so that of two with one id the first stays. */
    private Map<String, String> chosen = new HashMap<>();

    /** By container, why it is no server; written by the scheduler, read by everyone. */
    private volatile Map<String, String> refused = Map.of();

    private record Unfit(String why, boolean stopping, long look, long since) {}

    /** Opens it; the engine belongs to it from now on. */
    public Discovery(PoolContext context, Engine engine, DiscoveryOptions options) {
        this.options = options;
        this.engine = engine;
        following = new PoolView(context, options.drain());
        whereabouts = new ContainerAddresses(options.network(), engine.address());
        looking = new PollLoop<>(
                following.scheduler(), engine, new PollLoop.Timing(options.every(), AFTER_FAILURE), new Sight());
        events = engine.events(ContainerEvents.filters(label()), new ContainerEvents(new Ear()));
        looking.hint();
    }

    private String label() {
        return DiscoveryLabels.POOL + "=" + options.pool();
    }

    /** What the pool shows. */
    public PoolView following() {
        return following;
    }

    /** Why containers with the pool's label are no servers, by their names. */
    public Map<String, String> refused() {
        return refused;
    }

    /** The looks at the engine. */
    private final class Sight implements PollLoop.Sight<ContainerSnapshot> {
        @Override
        public Supplier<ContainerSnapshot> prepare() {
            Map<String, String> trusted = new HashMap<>(gapUntil < 0 ? launches : Map.of());
            trusted.keySet().removeAll(relaunched.keySet());
            Map<String, String> known = Map.copyOf(trusted);
            return () -> ContainerSnapshot.of(engine, label(), options.timeout(), known);
        }

        @Override
        public void seen(ContainerSnapshot found, long number) {
            long now = following.scheduler().nanoTime();
            unfit.entrySet().removeIf(one -> {
                Unfit said = one.getValue();
                boolean over = !found.launches().containsKey(one.getKey()) || now - said.since() > STOPPING_NANOS;
                return said.look() < number && (over || !said.stopping());
            });
            latest = found;
            seen = true;
            launches = found.launches();
            relaunched.values().removeIf(until -> until < number);
            gapUntil = gapUntil < number ? -1 : gapUntil;
            show();
            following.confirm();
        }

        @Override
        public void failed(Throwable why) {
            following.failed(why);
        }
    }

    /** What events say; each on the scheduler, in order. */
    private final class Ear implements ContainerEvents.Ear {
        @Override
        public void unfit(String container, String why, boolean stopping) {
            following.scheduler().execute(() -> {
                long now = following.scheduler().nanoTime();
                unfit.put(container, new Unfit(why, stopping, looking.begun(), now));
                relaunched.put(container, looking.begun());
                show();
            });
        }

        @Override
        public void fresh(String container) {
            following.scheduler().execute(() -> {
                unfit.remove(container);
                relaunched.put(container, looking.begun());
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

        @Override
        public void gap() {
            following.scheduler().execute(() -> gapUntil = looking.begun());
            looking.hint();
        }
    }

    private void show() {
        if (!seen) {
            return;
        }
        Map<String, String> wrong = new TreeMap<>();
        Map<String, PoolView.Shown> shown = new TreeMap<>();
        Map<String, String> newest = new HashMap<>();
        for (Candidate container : inOrderOfRight()) {
            try {
                ServerLabels words = ServerLabels.of(container);
                String other = newest.get(words.id());
                if (other == null) {
                    shown.put(words.id(), shown(container, words));
                    newest.put(words.id(), container.id());
                } else if (serves(container)) {
                    wrong.put(
                            container.name(),
                            "server id '" + words.id() + "' is taken by container " + nameOf(other)
                                    + "; give it its own " + DiscoveryLabels.ID);
                }
            } catch (ServerLabels.Wrong e) {
                wrong.put(container.name(), e.what());
            }
        }
        chosen = newest;
        complain(wrong);
        generations.keep(Set.copyOf(idsOfAll()));
        following.show(shown.values(), this::alive);
    }

    private PoolView.Shown shown(Candidate container, ServerLabels words) {
        Server server = Server.starting(words.id()).withWeight(words.weight());
        Unfit said = unfit.get(container.id());
        if (!container.runs()) {
            boolean created = container.state().equals("created");
            return new PoolView.Shown(
                    created ? server : server.withState(Server.State.DOWN),
                    said == null ? "it is " + container.state() : said.why());
        }
        Address address = whereabouts.of(container, words);
        String launch = container.id() + " " + latest.launches().getOrDefault(container.id(), "");
        var instance = generations.instance(container.name(), address, launch);
        if (said != null) {
            return new PoolView.Shown(server.withInstance(Server.State.DOWN, instance), said.why());
        } else if (container.state().equals("paused")) {
            return new PoolView.Shown(server.withInstance(Server.State.DOWN, instance), "it is paused");
        } else if (container.health().equals("unhealthy")) {
            return new PoolView.Shown(server.withInstance(Server.State.DOWN, instance), "its health check fails");
        }
        boolean starting = container.health().equals("starting");
        return new PoolView.Shown(
                server.withInstance(starting ? Server.State.STARTING : Server.State.READY, instance), "");
    }

    /** Those that run first, then those that are servers already, then the youngest. */
    private List<Candidate> inOrderOfRight() {
        List<Candidate> ordered = new ArrayList<>(latest.containers());
        ordered.sort((a, b) -> {
            int running = Boolean.compare(serves(b), serves(a));
            int known = Boolean.compare(chosen.containsValue(b.id()), chosen.containsValue(a.id()));
            int age = Long.compare(b.created(), a.created());
            return running != 0 ? running : known != 0 ? known : age != 0 ? age : a.id().compareTo(b.id());
        });
        return ordered;
    }

    private boolean serves(Candidate container) {
        return container.state().equals("running") && !unfit.containsKey(container.id());
    }

    private boolean alive(Server server) {
        String name = server.instance().map(instance -> instance.name()).orElse("");
        return latest.containers().stream()
                .anyMatch(container -> container.name().equals(name) && serves(container));
    }

    private String nameOf(String container) {
        return latest.containers().stream()
                .filter(one -> one.id().equals(container))
                .map(Candidate::name)
                .findFirst()
                .orElse(container);
    }

    private List<String> idsOfAll() {
        return latest.containers().stream().map(Candidate::id).toList();
    }

    private void complain(Map<String, String> wrong) {
        wrong.forEach((container, why) -> {
            if (!why.equals(refused.get(container))) {
                LOG.warn("pool {}: container {} is no server: {}", following.name(), container, why);
            }
        });
        refused = Map.copyOf(wrong);
    }

    @Override
    public void close() {
        events.close();
        following.close();
        engine.close();
    }
}
