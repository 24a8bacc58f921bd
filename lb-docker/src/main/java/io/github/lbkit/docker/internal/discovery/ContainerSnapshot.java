package io.github.lbkit.docker.internal.discovery;

import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one look at the engine found. Immutable.
 *
 * @param containers with the label, in the engine's order
 * @param launches when each of them that runs was started, by its id
 */
record ContainerSnapshot(List<Candidate> containers, Map<String, String> launches) {
    /**
     * Asks the engine; blocks.
     *
     * @param known when containers were started, as far as it is known to be still true; the others are asked for
     */
    static ContainerSnapshot of(Engine engine, String label, Duration within, Map<String, String> known) {
        String filters = Json.of(Map.of("label", List.of(label))).toString();
        String path = "/containers/json?all=1&filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8);
        List<Candidate> containers = new ArrayList<>();
        Map<String, String> launches = new HashMap<>();
        for (Json listed : engine.ask(EngineCall.get(path).within(within)).elements()) {
            Candidate container = Candidate.of(listed);
            containers.add(container);
            if (container.runs()) {
                String launch = known.get(container.id());
                launches.put(container.id(), launch == null ? started(engine, container, within) : launch);
            }
        }
        return new ContainerSnapshot(List.copyOf(containers), Map.copyOf(launches));
    }

    private static String started(Engine engine, Candidate container, Duration within) {
        try {
            return engine.ask(EngineCall.get("/containers/" + container.id() + "/json")
                            .within(within))
                    .at("State", "StartedAt")
                    .text("");
        } catch (EngineException.NotFound gone) {
            return "";
        }
    }
}
