package io.github.lbkit.docker.internal.discovery;

import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A snapshot of the containers with a pool's label. Immutable.
 *
 * @param containers the containers in the engine's order
 * @param startTimes the start time of each running container by its id
 */
record ContainerSnapshot(List<Candidate> containers, Map<String, String> startTimes) {
    /**
     * Asks the engine for its containers; blocks.
     *
     * @param timeout the maximum duration of each call
     * @param known the start times that are still valid; the others are requested
     */
    static ContainerSnapshot take(Engine engine, String label, Duration timeout, Map<String, String> known) {
        EngineCall call = EngineCall.list("/containers/json?all=1", Map.of("label", List.of(label)));
        List<Candidate> containers = new ArrayList<>();
        Map<String, String> startTimes = new HashMap<>();
        for (Json listed : engine.ask(call.withTimeout(timeout)).elements()) {
            Candidate container = Candidate.of(listed);
            containers.add(container);
            if (container.runs()) {
                String startTime = known.get(container.id());
                startTimes.put(container.id(), startTime == null ? startTime(engine, container, timeout) : startTime);
            }
        }
        return new ContainerSnapshot(List.copyOf(containers), Map.copyOf(startTimes));
    }

    private static String startTime(Engine engine, Candidate container, Duration timeout) {
        try {
            return engine.ask(EngineCall.get("/containers/" + container.id() + "/json")
                            .withTimeout(timeout))
                    .at("State", "StartedAt")
                    .text("");
        } catch (EngineException.NotFound gone) {
            return "";
        }
    }
}
