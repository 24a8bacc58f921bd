package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.docker.internal.engine.EngineEvent;
import io.github.lbkit.docker.internal.engine.EngineListener;
import io.github.lbkit.docker.internal.engine.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a manager's events mean for a service: those of the service and of nodes are reasons to look, and the end of a container
 * on the manager's own machine is the end of its task. Nobody tells of containers on other machines.
 */
final class TaskEvents implements EngineListener {
    private static final String TASK = "com.docker.swarm.task.id";
    private static final List<String> ACTIONS =
            List.of("create", "update", "remove", "start", "die", "kill", "destroy", "health_status");
    private static final Set<String> ENDS = Set.of("die", "destroy");
    private static final Set<String> ENDING_SIGNALS = Set.of("2", "3", "9", "15");

    private final Ear ear;

    /** What is made of them; called on the thread of the events. */
    interface Ear {
        /** This task will not serve again. */
        void ended(String task);

        /** Something has changed. */
        void hint();

        /** Events come again, after so long. */
        void reopened(String reason, Duration silence);
    }

    TaskEvents(Ear ear) {
        this.ear = ear;
    }

    static Json filters() {
        return Json.of(Map.of("type", List.of("service", "node", "container"), "event", ACTIONS));
    }

    @Override
    public void connected() {
        ear.hint();
    }

    @Override
    public void happened(EngineEvent event) {
        String task = event.attributes().get(TASK);
        if (event.type().equals("container") && task == null) {
            return;
        }
        boolean ends = ENDS.contains(event.action())
                || (event.action().equals("kill")
                        && ENDING_SIGNALS.contains(event.attributes().getOrDefault("signal", "9")));
        if (task != null && ends) {
            ear.ended(task);
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
