package io.github.lbkit.docker.internal.container;

import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineEvent;
import io.github.lbkit.docker.internal.engine.EngineListener;
import io.github.lbkit.docker.internal.engine.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handler of a launcher's engine events. An event that ends an instance takes effect at once; any other event is a
 * hint that the list may have changed.
 */
final class LauncherEvents implements EngineListener {
    private static final Logger LOG = LoggerFactory.getLogger(LauncherEvents.class);

    /** The signals that end a process, or ask it to end; other signals may have any meaning. */
    private static final Set<String> ENDING_SIGNALS = Set.of("9", "15", "SIGKILL", "SIGTERM", "KILL", "TERM");

    private static final List<String> ACTIONS =
            List.of("start", "die", "kill", "oom", "pause", "unpause", "destroy", "health_status");

    private final Engine engine;
    private final Containers containers;
    private final InstanceStates states;
    private final String pool;
    private final Supplier<? extends CompletionStage<?>> list;

    /** Creates a handler; {@code list} requests a list of the containers. */
    LauncherEvents(
            Engine engine,
            Containers containers,
            InstanceStates states,
            String pool,
            Supplier<? extends CompletionStage<?>> list) {
        this.engine = engine;
        this.containers = containers;
        this.states = states;
        this.pool = pool;
        this.list = list;
    }

    /**
     * Returns the filters for events of this pool's containers, without the three events that each health check causes.
     */
    static Json filters(String pool) {
        return Json.of(Map.of(
                "type", List.of("container"),
                "label", List.of(Labels.POOL + "=" + pool),
                "event", EngineEvent.names(ACTIONS)));
    }

    /**
     * Returns the filters for events of containers and networks. Events of networks carry no label of a container, so
     * that the filter cannot name the pool; {@link #happened} ignores the containers of other pools.
     */
    static Json filtersWithNetworks() {
        List<String> actions = new ArrayList<>(EngineEvent.names(ACTIONS));
        actions.addAll(List.of("connect", "disconnect"));
        return Json.of(Map.of("type", List.of("container", "network"), "event", actions));
    }

    /** Requests a list, since no event reported what happened while there was no connection. */
    @Override
    public void connected() {
        states.changed();
        var unused = list.get();
    }

    @Override
    public void happened(EngineEvent event) {
        boolean relevant =
                event.type().equals("network") || pool.equals(event.attributes().get(Labels.POOL));
        if (!relevant) {
            return;
        }
        Optional<TrackedInstance> found = find(event.attributes());
        if (found.isEmpty()) {
            states.changed();
            return;
        }
        TrackedInstance instance = found.get();
        switch (event.action()) {
            case "die" -> {
                String end = Containers.describeExit(event.attributes().getOrDefault("exitCode", "?"), false);
                reportOutput(instance);
                instance.ended.complete(end);
                states.ended(instance, end);
            }
            case "destroy" -> {
                instance.ended.complete("it was removed");
                states.ended(instance, "it was removed");
            }
            case "kill" -> {
                String signal = event.attributes().getOrDefault("signal", "");
                if (ENDING_SIGNALS.contains(signal)) {
                    states.ended(instance, "it was sent signal " + signal);
                }
            }
            case "oom" -> states.ended(instance, "it ran out of memory");
            case "pause" -> states.ended(instance, "it was paused");
            case "health_status" -> health(instance, event.detail());
            default -> states.changed();
        }
    }

    private void health(TrackedInstance instance, String verdict) {
        if (verdict.equals("healthy")) {
            states.health(instance, true);
        } else if (verdict.equals("unhealthy")) {
            states.health(instance, false);
        } else if (verdict.isEmpty()) { // Podman's event lacks the verdict
            var unused = engine.run(() -> containers.inspect(instance.container).map(Container::inspectedHealth))
                    .thenAccept(inspected ->
                            inspected.filter(known -> !known.isEmpty()).ifPresent(known -> health(instance, known)));
        }
    }

    /**
     * Asks for the exit code and the last output of a container, logs both, and reports the end a second time with
     * them. The container is not removed before the engine has answered.
     */
    private void reportOutput(TrackedInstance instance) {
        Optional<String> serving = states.servingContainer(instance);
        if (serving.isEmpty()) {
            return; // the end was requested, or the launch reports it
        }
        String container = serving.get();
        var asked =
                engine.run(() -> containers.inspect(container).map(found -> containers.describeEnd(container, found)));
        instance.outputRead = asked.handle((end, e) -> {
                    if (e == null && end.isPresent()) {
                        LOG.warn("pool {}: {} {}", pool, instance, end.get());
                        states.reportEnd(instance, end.get());
                    }
                    return "read";
                })
                .toCompletableFuture();
    }

    private Optional<TrackedInstance> find(Map<String, String> attributes) {
        String id = attributes.getOrDefault(Labels.ID, "");
        String generation = attributes.getOrDefault(Labels.GENERATION, "");
        return generation.matches("\\d{1,18}") ? states.find(id, Long.parseLong(generation)) : Optional.empty();
    }

    @Override
    public void disconnected(String reason) {
        states.changed();
    }

    @Override
    public void reopened(String reason, Duration silence) {
        states.streamReopened(reason, silence);
    }
}
