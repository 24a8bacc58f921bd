package io.github.lbkit.testkit.docker.internal.container;

import io.github.lbkit.testkit.docker.internal.engine.LoopbackHttp;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One container. Guarded by the engine's lock. */
public final class EngineContainer {
    final String id;
    final Map<String, Object> config;
    final Map<String, String> labels;
    final ContainerTraits traits;

    /** The id of the image at creation; the name of the image may refer to another image later. */
    final String imageId;

    final Instant created;
    String name;
    String state = "created";

    /** The health, {@code starting}, {@code healthy} or {@code unhealthy}; empty without a health check. */
    String health = "";

    int exitCode;
    boolean outOfMemory;
    Instant started = Instant.EPOCH;
    Instant finished = Instant.EPOCH;

    /** The address on each network by the name of the network; empty while the container does not run. */
    final Map<String, String> networks = new LinkedHashMap<>();

    final List<PublishedPort> published = new ArrayList<>();
    final Map<String, byte[]> files = new LinkedHashMap<>();
    final ByteArrayOutputStream log = new ByteArrayOutputStream();

    /** The listeners of the container's ports. */
    final List<BoundListener> listeners = new ArrayList<>();

    /** Completes with the exit code when the container ends; replaced at each start. */
    CompletableFuture<Integer> ended = new CompletableFuture<>();

    /** A port of the container and its address on the host. */
    record PublishedPort(int port, String hostIp, int hostPort) {}

    /** A listener and the name of its network, which is empty for a published port. */
    record BoundListener(String network, LoopbackHttp.Listener listener) {}

    EngineContainer(String id, String name, Map<String, Object> config, EngineImages.Image image, Instant created) {
        this.id = id;
        this.name = name;
        this.config = config;
        this.labels = JsonValues.strings(JsonValues.map(config, "Labels"));
        this.traits = image.traits();
        this.imageId = image.id();
        this.created = created;
    }

    /** The id. */
    public String id() {
        return id;
    }

    /** The name. */
    public String name() {
        return name;
    }

    /** The labels. */
    public Map<String, String> labels() {
        return Map.copyOf(labels);
    }

    /** The state, such as {@code running} or {@code exited}. */
    public String state() {
        return state;
    }

    /** Returns whether the container runs; a paused one does. */
    public boolean running() {
        return state.equals("running") || state.equals("paused");
    }

    String image() {
        return JsonValues.text(config, "Image", "");
    }

    boolean hasHealthCheck() {
        List<Object> test = JsonValues.list(JsonValues.map(config, "Healthcheck"), "Test");
        return !test.isEmpty() && !test.get(0).equals("NONE");
    }

    /** The ports that the container exposes. */
    List<Integer> exposed() {
        return JsonValues.map(config, "ExposedPorts").keySet().stream()
                .filter(port -> port.endsWith("/tcp") || !port.contains("/"))
                .map(port -> Integer.parseInt(port.replace("/tcp", "")))
                .toList();
    }

    /** The attributes of the container in events. */
    Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>(labels);
        attributes.put("image", image());
        attributes.put("name", name);
        return attributes;
    }

    /** Returns whether this is the name, the id or the start of the id of the container. */
    boolean matches(String subject) {
        return name.equals(subject) || id.equals(subject) || (subject.length() >= 4 && id.startsWith(subject));
    }
}
