package io.github.lbkit.docker.real;

import io.github.lbkit.docker.internal.engine.EngineCall;
import io.github.lbkit.docker.internal.engine.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Containers of the machine's engine that a test starts in place of another tool, with the label of a pool. Confined to
 * the test's thread.
 */
public final class LabelledContainers {
    private static final Duration SLOW_CALL = Duration.ofSeconds(30);

    private final String pool;
    private final Set<String> names = new LinkedHashSet<>();

    /** Containers of this pool; their names begin with the pool's. */
    public LabelledContainers(String pool) {
        this.pool = pool;
    }

    /** The container's full name. */
    public String name(String name) {
        return pool + "-" + name;
    }

    /** Starts a container of the test image, unless it was started already. */
    public void run(String name, Map<String, String> labels) {
        if (names.add(name)) {
            String port = TestImage.PORT + "/tcp";
            Map<String, String> all = new LinkedHashMap<>(RealEngine.labels());
            all.put("lbkit.pool", pool);
            all.putAll(labels);
            Map<String, Object> host = Map.of(
                    "PortBindings", Map.of(port, List.of(Map.of("HostIp", "127.0.0.1", "HostPort", ""))),
                    "CapDrop", List.of("ALL"));
            Json body = Json.of(Map.of(
                    "Image",
                    TestImage.NAME,
                    "Labels",
                    all,
                    "ExposedPorts",
                    Map.of(port, Map.of()),
                    "HostConfig",
                    host));
            RealEngine.engine()
                    .bytes(EngineCall.post("/containers/create?name=" + name(name), body)
                            .withTimeout(SLOW_CALL));
            order(name, "start");
        }
    }

    /** Orders {@code start}, {@code kill}, {@code pause} or {@code unpause}. */
    public void order(String name, String order) {
        RealEngine.engine()
                .bytes(EngineCall.post("/containers/" + name(name) + "/" + order)
                        .withTimeout(SLOW_CALL));
    }

    /** Removes a container, running or not. */
    public void remove(String name) {
        names.remove(name);
        RealEngine.remove(name(name));
    }

    /** Removes all. */
    public void removeAll() {
        List.copyOf(names).forEach(this::remove);
    }
}
