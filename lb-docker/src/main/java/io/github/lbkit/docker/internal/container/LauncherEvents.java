package io.github.lbkit.docker.internal.container;

import io.github.lbkit.docker.internal.engine.EngineEvent;
import io.github.lbkit.docker.internal.engine.EngineListener;
import io.github.lbkit.docker.internal.engine.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the engine's events mean to a launcher: what ends an instance is told at once, and everything else is a hint to
 * look at the list.
 */
final class LauncherEvents implements EngineListener {
    /** What asks a process to end, or ends it; others may mean anything to it. */
    private static final Set<String> DEADLY = Set.of("9", "15", "SIGKILL", "SIGTERM", "KILL", "TERM");

    private static final List<String> ACTIONS =
            List.of("start", "die", "kill", "oom", "pause", "unpause", "destroy", "health_status");

    private final ContainerLauncher launcher;

    private final String pool;

    LauncherEvents(ContainerLauncher launcher, String pool) {
        this.launcher = launcher;
        this.pool = pool;
    }

    /** Events of this pool's containers alone, without the three that every health check makes. */
    static Json filters(String pool) {
        return Json.of(Map.of(
                "type", List.of("container"),
                "label", List.of(Labels.POOL + "=" + pool),
                "event", EngineEvent.names(ACTIONS)));
    }

    /**
     * Also events of networks, which carry no label of a container: hence those of all containers come, and {@link #happened}
     * leaves out others' containers.
     */
    static Json filtersWithNetworks() {
        List<String> actions = new ArrayList<>(EngineEvent.names(ACTIONS));
        actions.addAll(List.of("connect", "disconnect"));
        return Json.of(Map.of("type", List.of("container", "network"), "event", actions));
    }

    @Override
    public void connected() {
        launcher.lookAfterSilence();
    }

    @Override
    public void happened(EngineEvent event) {
        boolean ours =
                event.type().equals("network") || pool.equals(event.attributes().get(Labels.POOL));
        if (!ours) {
            return;
        }
        Optional<TrackedInstance> found = find(event.attributes());
        if (found.isEmpty()) {
            launcher.changed();
            return;
        }
        TrackedInstance instance = found.get();
        switch (event.action()) {
            case "die" -> {
                String how = Containers.ending(event.attributes().getOrDefault("exitCode", "?"), false);
                launcher.tellLastWords(instance);
                instance.ended.complete(how);
                launcher.ended(instance, how);
            }
            case "destroy" -> {
                instance.ended.complete("it was removed");
                launcher.ended(instance, "it was removed");
            }
            case "kill" -> {
                String signal = event.attributes().getOrDefault("signal", "");
                if (DEADLY.contains(signal)) {
                    launcher.ended(instance, "it was sent signal " + signal);
                }
            }
            case "oom" -> launcher.ended(instance, "it ran out of memory");
            case "pause" -> launcher.ended(instance, "it was paused");
            case "health_status" -> health(instance, event.detail());
            default -> launcher.changed();
        }
    }

    private void health(TrackedInstance instance, String verdict) {
        if (verdict.equals("healthy")) {
            launcher.judged(instance, true);
        } else if (verdict.equals("unhealthy")) {
            launcher.judged(instance, false);
        } else if (verdict.isEmpty()) {
            launcher.lookAtHealth(instance);
        }
    }

    private Optional<TrackedInstance> find(Map<String, String> attributes) {
        String id = attributes.getOrDefault(Labels.ID, "");
        String generation = attributes.getOrDefault(Labels.GENERATION, "");
        return generation.matches("\\d{1,18}") ? launcher.find(id, Long.parseLong(generation)) : Optional.empty();
    }

    @Override
    public void disconnected(String reason) {
        launcher.changed();
    }

    @Override
    public void reopened(String reason, Duration silence) {
        launcher.streamReopened(reason, silence);
    }
}
