package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.docker.internal.engine.HealthStatus;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.docker.internal.engine.PublishedPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container of a pool, as the engine lists it. Immutable.
 *
 * @param id the engine's id of the container
 * @param image the id of the container's image
 * @param state the state in the engine's terms, such as {@code running}
 * @param health the result of the health check in the engine's terms; empty if there is no health check
 * @param spec the hash of the spec that the container was created from
 * @param request the request that launched the container
 * @param address the address of the container; empty if the container does not run or has no known address
 */
record Container(
        String id,
        String image,
        String state,
        String health,
        String spec,
        LaunchRequest request,
        Optional<Address> address) {
    private static final String LOOPBACK = "127.0.0.1";

    /** Returns the container of a list entry; empty if no pool has launched it or its labels are invalid. */
    static Optional<Container> of(Json listed) {
        Map<String, String> labels = listed.at("Labels").texts();
        String id = labels.get(Labels.ID);
        String generation = labels.get(Labels.GENERATION);
        String name = labels.get(Labels.NAME);
        if (id == null || name == null || generation == null || !generation.matches("\\d{1,18}")) {
            return Optional.empty();
        }
        Map<String, String> own = new LinkedHashMap<>();
        labels.forEach((label, value) -> {
            if (label.startsWith(Labels.SERVER)) {
                own.put(label.substring(Labels.SERVER.length()), value);
            }
        });
        return Optional.of(new Container(
                listed.at("Id").text(""),
                listed.at("ImageID").text(""),
                listed.at("State").text(""),
                HealthStatus.of(listed.at("Status").text("")),
                labels.getOrDefault(Labels.SPEC, ""),
                new LaunchRequest(id, Long.parseLong(generation), name, false, own),
                listedAddress(listed, labels)));
    }

    /** Returns true if the engine runs the container. */
    boolean isRunning() {
        return state.equals("running");
    }

    /** Returns true if the container runs and its health check, if there is one, passes. */
    boolean serves() {
        return isRunning() && !health.equals("unhealthy") && !health.equals("starting");
    }

    private static Optional<Address> listedAddress(Json listed, Map<String, String> labels) {
        String port = labels.getOrDefault(Labels.PORT, "");
        if (!port.matches("[1-9]\\d{0,4}")) {
            return Optional.empty();
        }
        String network = labels.get(Labels.NETWORK);
        if (network != null) {
            return onNetwork(listed, network, Integer.parseInt(port));
        }
        List<PublishedPort> published = new ArrayList<>();
        for (Json entry : listed.at("Ports").elements()) {
            if (entry.at("PrivatePort").number(0) == Integer.parseInt(port)
                    && entry.at("Type").text("tcp").equals("tcp")
                    && entry.at("PublicPort").number(0) > 0) {
                published.add(new PublishedPort(
                        entry.at("IP").text(""), (int) entry.at("PublicPort").number(0)));
            }
        }
        return PublishedPort.best(published, LOOPBACK);
    }

    /** Returns this container with the health from an inspection. */
    Container withHealth(String inspected) {
        return new Container(id, image, state, inspected, spec, request, address);
    }

    /** Returns the result of the health check from an inspection; empty if there is no health check. */
    static String inspectedHealth(Json inspected) {
        String health = inspected.at("State", "Health", "Status").text("");
        return health.equals("none") ? "" : health;
    }

    /** Returns the container's address from an inspection. */
    static Optional<Address> inspectedAddress(Json inspected, ContainerSpec spec) {
        Optional<String> network = spec.options().network();
        if (network.isPresent()) {
            return onNetwork(inspected, network.get(), spec.options().port());
        }
        List<PublishedPort> published = new ArrayList<>();
        for (Json binding :
                inspected.at("NetworkSettings", "Ports", spec.containerPort()).elements()) {
            String port = binding.at("HostPort").text("");
            if (port.matches("[1-9]\\d{0,4}")) {
                published.add(new PublishedPort(binding.at("HostIp").text(""), Integer.parseInt(port)));
            }
        }
        return PublishedPort.best(published, LOOPBACK);
    }

    private static Optional<Address> onNetwork(Json container, String network, int port) {
        Json networks = container.at("NetworkSettings", "Networks");
        // Docker's default network is "bridge"; Podman reports it as "podman" and accepts both names
        boolean podmanDefault =
                network.equals("bridge") && !networks.at("bridge").isPresent();
        return networks.at(podmanDefault ? "podman" : network, "IPAddress")
                .text()
                .filter(ip -> !ip.isEmpty())
                .map(ip -> Address.of(ip, port));
    }
}
