package io.github.lbkit.docker.internal.discovery;

import io.github.lbkit.docker.internal.engine.EngineEvent;
import io.github.lbkit.docker.internal.engine.EngineListener;
import io.github.lbkit.docker.internal.engine.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the engine's events mean for containers that others start: some end a server at once, all are reasons to look. */
final class ContainerEvents implements EngineListener {
    private static final List<String> ACTIONS = List.of(
            "create",
            "start",
            "die",
            "kill",
            "oom",
            "pause",
            "unpause",
            "destroy",
            "rename",
            "update",
            "health_status");

    /** Interrupt, quit, kill and terminate; others mostly mean something to the process. */
    private static final Set<String> ENDING_SIGNALS = Set.of("2", "3", "9", "15");

    private final Ear ear;

    /** What is made of them; called on the thread of the events. */
    interface Ear {
        /** This container does not serve from now on. */
        void unfit(String container, String why, boolean stopping);

        /** This container was launched anew, or runs again. */
        void fresh(String container);

        /** Something has changed. */
        void hint();

        /** Events come again, after so long. */
        void reopened(String reason, Duration silence);

        /** Nobody has told what happened until now. */
        void gap();
    }

    ContainerEvents(Ear ear) {
        this.ear = ear;
    }

    static Json filters(String label) {
        return Json.of(
                Map.of("type", List.of("container"), "label", List.of(label), "event", EngineEvent.names(ACTIONS)));
    }

    @Override
    public void connected() {
        ear.gap();
    }

    @Override
    public void happened(EngineEvent event) {
        switch (event.action()) {
            case "die" ->
                ear.unfit(
                        event.id(), "it exited with code " + event.attributes().get("exitCode"), false);
            case "oom" -> ear.unfit(event.id(), "it was out of memory", false);
            case "pause" -> ear.unfit(event.id(), "it was paused", false);
            case "destroy" -> ear.unfit(event.id(), "it was removed", false);
            case "kill" -> {
                String signal = event.attributes().getOrDefault("signal", "9");
                if (ENDING_SIGNALS.contains(signal)) {
                    ear.unfit(event.id(), "it was sent signal " + signal, true);
                }
            }
            case "health_status" -> {
                if (event.detail().equals("unhealthy")) {
                    ear.unfit(event.id(), "its health check failed", false);
                }
            }
            case "start", "unpause" -> ear.fresh(event.id());
            default -> {}
        }
        ear.hint();
    }

    @Override
    public void disconnected(String reason) {
        ear.hint();
    }

    @Override
    public void reopened(String reason, Duration silence) {
        ear.reopened(reason, silence);
    }
}
