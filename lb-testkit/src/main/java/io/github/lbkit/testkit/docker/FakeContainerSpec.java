package io.github.lbkit.testkit.docker;

import io.github.lbkit.testkit.docker.internal.container.Networks;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The description of a container that a test runs in a {@link FakeEngine} without a pool. Immutable.
 *
 * @param name the name of the container
 * @param image an image that the engine has
 * @param labels the labels of the container
 * @param ports the container ports, each with its published port on 127.0.0.1: 0 for any free port, −1 for none
 * @param network the network of the container; empty for the default network
 * @param health whether the container has a health check
 */
public record FakeContainerSpec(
        String name,
        String image,
        Map<String, String> labels,
        Map<Integer, Integer> ports,
        Optional<String> network,
        boolean health) {
    /** Copies the maps. */
    public FakeContainerSpec {
        labels = Map.copyOf(labels);
        ports = Map.copyOf(ports);
    }

    /** Returns a container of {@link FakeEngine#IMAGE} with this name, without ports and labels. */
    public static FakeContainerSpec named(String name) {
        return new FakeContainerSpec(name, FakeEngine.IMAGE, Map.of(), Map.of(), Optional.empty(), false);
    }

    /** Returns this description with another image. */
    public FakeContainerSpec of(String newImage) {
        return new FakeContainerSpec(name, newImage, labels, ports, network, health);
    }

    /** Returns this description with an additional label. */
    public FakeContainerSpec label(String label, String value) {
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put(label, value);
        return new FakeContainerSpec(name, image, more, ports, network, health);
    }

    /** Returns this description with an additional port, published on a free port of 127.0.0.1. */
    public FakeContainerSpec publishing(int port) {
        return port(port, 0);
    }

    /** Returns this description with an additional port, published on this port of 127.0.0.1. */
    public FakeContainerSpec publishing(int port, int hostPort) {
        return port(port, hostPort);
    }

    /** Returns this description with an additional port that is not published. */
    public FakeContainerSpec exposing(int port) {
        return port(port, -1);
    }

    /** Returns this description with another network. */
    public FakeContainerSpec on(String newNetwork) {
        return new FakeContainerSpec(name, image, labels, ports, Optional.of(newNetwork), health);
    }

    /** Returns this description with a health check; see {@link FakeContainers#health}. */
    public FakeContainerSpec withHealthCheck() {
        return new FakeContainerSpec(name, image, labels, ports, network, true);
    }

    private FakeContainerSpec port(int port, int hostPort) {
        Map<Integer, Integer> more = new LinkedHashMap<>(ports);
        more.put(port, hostPort);
        return new FakeContainerSpec(name, image, labels, more, network, health);
    }

    /** Returns the body of the call that creates the container. */
    Map<String, Object> json() {
        Map<String, Object> exposed = new LinkedHashMap<>();
        Map<String, Object> bindings = new LinkedHashMap<>();
        ports.forEach((port, hostPort) -> {
            exposed.put(port + "/tcp", Map.of());
            if (hostPort >= 0) {
                bindings.put(
                        port + "/tcp",
                        List.of(JsonValues.object(
                                "HostIp", "127.0.0.1", "HostPort", hostPort == 0 ? "" : String.valueOf(hostPort))));
            }
        });
        Map<String, Object> json = JsonValues.object("Image", image, "Labels", labels, "ExposedPorts", exposed);
        json.put(
                "HostConfig",
                JsonValues.object("PortBindings", bindings, "NetworkMode", network.orElse(Networks.DEFAULT)));
        if (health) {
            json.put("Healthcheck", JsonValues.object("Test", List.of("CMD", "/probe")));
        }
        return json;
    }
}
