package io.github.lbkit.testkit.docker;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One container. Confined to the engine's lock. */
final class FakeContainer {
    final String id;
    final Map<String, Object> config;
    final Map<String, String> labels;
    final ContainerBehaviour behaviour;

    /** The image's id when the container was created: its name may come to mean another. */
    final String imageId;

    final Instant created;
    String name;
    String state = "created";

    /** {@code starting}, {@code healthy} or {@code unhealthy}; empty without a health check. */
    String health = "";

    int exitCode;
    boolean outOfMemory;
    Instant started = Instant.EPOCH;
    Instant finished = Instant.EPOCH;

    /** Its address on each network, by the network's name; the address is empty while it does not run. */
    final Map<String, String> networks = new LinkedHashMap<>();

    final List<PublishedPort> published = new ArrayList<>();
    final Map<String, byte[]> files = new LinkedHashMap<>();
    final ByteArrayOutputStream log = new ByteArrayOutputStream();

    /** What listens for it. */
    final List<Placed> sites = new ArrayList<>();

    /** Completes when it ends; made anew with each start. */
    CompletableFuture<Integer> ended = new CompletableFuture<>();

    /** A port of the container, and where on the host it is found. */
    record PublishedPort(int port, String hostIp, int hostPort) {}

    /** A site and the network that it is on; the network of a published port is empty. */
    record Placed(String network, LoopbackHttp.Site site) {}

    FakeContainer(String id, String name, Map<String, Object> config, FakeImages.Image image, Instant created) {
        this.id = id;
        this.name = name;
        this.config = config;
        this.labels = Json.strings(Json.map(config, "Labels"));
        this.behaviour = image.behaviour();
        this.imageId = image.id();
        this.created = created;
    }

    boolean running() {
        return state.equals("running") || state.equals("paused");
    }

    String image() {
        return Json.text(config, "Image", "");
    }

    boolean hasHealthCheck() {
        List<Object> test = Json.list(Json.map(config, "Healthcheck"), "Test");
        return !test.isEmpty() && !test.get(0).equals("NONE");
    }

    /** The ports that it says it has. */
    List<Integer> exposed() {
        return Json.map(config, "ExposedPorts").keySet().stream()
                .filter(port -> port.endsWith("/tcp") || !port.contains("/"))
                .map(port -> Integer.parseInt(port.replace("/tcp", "")))
                .toList();
    }

    /** What the engine's events say of it. */
    Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>(labels);
        attributes.put("image", image());
        attributes.put("name", name);
        return attributes;
    }

    boolean isCalled(String subject) {
        return name.equals(subject) || id.equals(subject) || (subject.length() >= 4 && id.startsWith(subject));
    }
}
