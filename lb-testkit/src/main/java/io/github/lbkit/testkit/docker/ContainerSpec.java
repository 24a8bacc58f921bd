package io.github.lbkit.testkit.docker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a test starts in a {@link FakeEngine} as somebody else would. Immutable.
 *
 * @param name the container's name
 * @param image an image that the engine has
 * @param labels the container's labels
 * @param ports the container's ports; a value above 0 is the port of 127.0.0.1 that is published, 0 is any free one, and −1
 *     means that the port is exposed only
 * @param network the network that it is on; empty for the default one
 * @param health whether it has a health check
 */
public record ContainerSpec(
        String name,
        String image,
        Map<String, String> labels,
        Map<Integer, Integer> ports,
        Optional<String> network,
        boolean health) {
    /** Copies. */
    public ContainerSpec {
        labels = Map.copyOf(labels);
        ports = Map.copyOf(ports);
    }

    /** A container of this name and of {@link FakeEngine#IMAGE}, without ports and labels. */
    public static ContainerSpec named(String name) {
        return new ContainerSpec(name, FakeEngine.IMAGE, Map.of(), Map.of(), Optional.empty(), false);
    }

    /** Of another image. */
    public ContainerSpec of(String newImage) {
        return new ContainerSpec(name, newImage, labels, ports, network, health);
    }

    /** With a further label. */
    public ContainerSpec label(String label, String value) {
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put(label, value);
        return new ContainerSpec(name, image, more, ports, network, health);
    }

    /** With a further port, published at a free port of 127.0.0.1. */
    public ContainerSpec publishing(int port) {
        return port(port, 0);
    }

    /** With a further port, published at this port of 127.0.0.1. */
    public ContainerSpec publishing(int port, int hostPort) {
        return port(port, hostPort);
    }

    /** With a further port, which is not published. */
    public ContainerSpec exposing(int port) {
        return port(port, -1);
    }

    /** On this network. */
    public ContainerSpec on(String newNetwork) {
        return new ContainerSpec(name, image, labels, ports, Optional.of(newNetwork), health);
    }

    /** With a health check; see {@link FakeContainers#health}. */
    public ContainerSpec withHealthCheck() {
        return new ContainerSpec(name, image, labels, ports, network, true);
    }

    private ContainerSpec port(int port, int hostPort) {
        Map<Integer, Integer> more = new LinkedHashMap<>(ports);
        more.put(port, hostPort);
        return new ContainerSpec(name, image, labels, more, network, health);
    }

    /** As a client would ask for it. */
    Map<String, Object> json() {
        Map<String, Object> exposed = new LinkedHashMap<>();
        Map<String, Object> bindings = new LinkedHashMap<>();
        ports.forEach((port, hostPort) -> {
            exposed.put(port + "/tcp", Map.of());
            if (hostPort >= 0) {
                bindings.put(
                        port + "/tcp",
                        List.of(Json.object(
                                "HostIp", "127.0.0.1", "HostPort", hostPort == 0 ? "" : String.valueOf(hostPort))));
            }
        });
        Map<String, Object> json = Json.object("Image", image, "Labels", labels, "ExposedPorts", exposed);
        json.put(
                "HostConfig",
                Json.object("PortBindings", bindings, "NetworkMode", network.orElse(FakeNetworks.DEFAULT)));
        if (health) {
            json.put("Healthcheck", Json.object("Test", List.of("CMD", "/probe")));
        }
        return json;
    }
}
