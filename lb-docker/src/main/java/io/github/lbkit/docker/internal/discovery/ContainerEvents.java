package io.github.lbkit.docker.internal.discovery;

import io.github.lbkit.docker.internal.engine.EngineEvent;
import io.github.lbkit.docker.internal.engine.EngineListener;
import io.github.lbkit.docker.internal.engine.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The mapping of engine events to changes of discovered containers. Some end a server at once; all are hints to poll.
 */
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

    /** SIGINT, SIGQUIT, SIGKILL and SIGTERM; a process usually survives other signals. */
    private static final Set<String> ENDING_SIGNALS = Set.of("2", "3", "9", "15");

    private final Listener listener;

    /** The receiver of the changes; called on the thread of the events. */
    interface Listener {
        /**
         * Called when a container cannot serve from now on.
         *
         * @param stopping true if the container was asked to stop and may still run
         */
        void cannotServe(String container, String reason, boolean stopping);

        /** Called when a container was started or continues after a pause. */
        void started(String container);

        /** Called when something may have changed. */
        void hint();

        /** Called when events arrive again after a silence. */
        void reopened(String reason, Duration silence);

        /** Called when earlier events may have been missed. */
        void eventsMissed();
    }

    ContainerEvents(Listener listener) {
        this.listener = listener;
    }

    /** Returns the filters for events of containers with this label. */
    static Json filters(String label) {
        return Json.of(
                Map.of("type", List.of("container"), "label", List.of(label), "event", EngineEvent.names(ACTIONS)));
    }

    @Override
    public void connected() {
        listener.eventsMissed();
    }

    @Override
    public void happened(EngineEvent event) {
        switch (event.action()) {
            case "die" ->
                listener.cannotServe(
                        event.id(), "it exited with code " + event.attributes().get("exitCode"), false);
            case "oom" -> listener.cannotServe(event.id(), "it was out of memory", false);
            case "pause" -> listener.cannotServe(event.id(), "it was paused", false);
            case "destroy" -> listener.cannotServe(event.id(), "it was removed", false);
            case "kill" -> {
                String signal = event.attributes().getOrDefault("signal", "9");
                if (ENDING_SIGNALS.contains(signal)) {
                    listener.cannotServe(event.id(), "it was sent signal " + signal, true);
                }
            }
            case "health_status" -> {
                if (event.detail().equals("unhealthy")) {
                    listener.cannotServe(event.id(), "its health check failed", false);
                }
            }
            case "start", "unpause" -> listener.started(event.id());
            default -> {}
        }
        listener.hint();
    }

    @Override
    public void disconnected(String reason) {
        listener.hint();
    }

    @Override
    public void reopened(String reason, Duration silence) {
        listener.reopened(reason, silence);
    }
}
