package io.github.lbkit.docker.real;

import io.github.lbkit.docker.internal.engine.Engine;
import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A service of the {@link TestImage} on a swarm. */
public final class TestService {
    private TestService() {}

    /** Creates it; its tasks publish their port on their machines, and are replaced at once. */
    public static void create(Engine manager, String name, String image, int replicas) {
        Map<String, Object> template = Map.of(
                "ContainerSpec", Map.of("Image", image),
                "RestartPolicy", Map.of("Condition", "any", "Delay", 0L));
        Map<String, Object> port = Map.of("Protocol", "tcp", "TargetPort", TestImage.PORT, "PublishMode", "host");
        Json service = Json.of(Map.of(
                "Name",
                name,
                "TaskTemplate",
                template,
                "Mode",
                Map.of("Replicated", Map.of("Replicas", replicas)),
                "EndpointSpec",
                Map.of("Ports", List.of(port))));
        manager.bytes(EngineCall.post("/services/create", service).withTimeout(Duration.ofSeconds(30)));
    }
}
