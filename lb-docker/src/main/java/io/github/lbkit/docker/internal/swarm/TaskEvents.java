package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.docker.internal.engine.EngineEvent;
import io.github.lbkit.docker.internal.engine.EngineListener;
import io.github.lbkit.docker.internal.engine.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The mapping of a manager's events to changes of a service. Events of the service and of nodes are hints to poll. The
 * end of a container on the manager's own machine is the end of its task. A manager sends no events of containers on
 * other machines.
 */
final class TaskEvents implements EngineListener {
    private static final String TASK_ID = "com.docker.swarm.task.id";
    private static final List<String> ACTIONS =
            List.of("create", "update", "remove", "start", "die", "kill", "destroy", "health_status");
    private static final Set<String> ENDING_ACTIONS = Set.of("die", "destroy");

    /** SIGINT, SIGQUIT, SIGKILL and SIGTERM; a process usually survives other signals. */
    private static final Set<String> ENDING_SIGNALS = Set.of("2", "3", "9", "15");

    private final Listener listener;

    /** The receiver of the changes; called on the thread of the events. */
    interface Listener {
        /** Called when a task will not serve again. */
        void ended(String task);

        /** Called when something may have changed. */
        void hint();

        /** Called when events arrive again after a silence. */
        void reopened(String reason, Duration silence);
    }

    TaskEvents(Listener listener) {
        this.listener = listener;
    }

    static Json filters() {
        return Json.of(Map.of("type", List.of("service", "node", "container"), "event", ACTIONS));
    }

    @Override
    public void connected() {
        listener.hint();
    }

    @Override
    public void happened(EngineEvent event) {
        String task = event.attributes().get(TASK_ID);
        if (event.type().equals("container") && task == null) {
            return;
        }
        boolean ends = ENDING_ACTIONS.contains(event.action())
                || (event.action().equals("kill")
                        && ENDING_SIGNALS.contains(event.attributes().getOrDefault("signal", "9")));
        if (task != null && ends) {
            listener.ended(task);
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
