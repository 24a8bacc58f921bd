package io.github.lbkit.docker.internal.container;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.pool.supervised.LaunchRequest;
import io.github.lbkit.docker.internal.engine.Json;
import io.github.lbkit.docker.internal.engine.PublishedPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pool's container as the engine's list shows it. Immutable.
 *
 * @param id the engine's id
 * @param image the id of its image
 * @param state in the engine's word, such as {@code running}
 * @param health what its health check says, in the engine's word; empty if it has none
 * @param spec what it was made of
 * @param request what it was launched by
 * @param address where it listens, if it runs and the engine knows
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

    /** The container of this entry of a list; empty if no pool has launched it, or its labels make no sense. */
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
                health(listed.at("Status").text("")),
                labels.getOrDefault(Labels.SPEC, ""),
                new LaunchRequest(id, Long.parseLong(generation), name, false, own),
                listedAddress(listed, labels)));
    }

    /** Whether it could serve. */
    boolean serves() {
        return state.equals("running") && !health.equals("unhealthy") && !health.equals("starting");
    }

    private static String health(String status) {
        if (status.contains("(healthy)")) {
            return "healthy";
        } else if (status.contains("(unhealthy)")) {
            return "unhealthy";
        }
        return status.contains("(health: starting)") ? "starting" : "";
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
        for (Json one : listed.at("Ports").elements()) {
            if (one.at("PrivatePort").number(0) == Integer.parseInt(port)
                    && one.at("Type").text("tcp").equals("tcp")
                    && one.at("PublicPort").number(0) > 0) {
                published.add(new PublishedPort(
                        one.at("IP").text(""), (int) one.at("PublicPort").number(0)));
            }
        }
        return PublishedPort.best(published, LOOPBACK);
    }

    /** The same with what an inspection says of its health. */
    Container withHealth(String inspected) {
        return new Container(id, image, state, inspected, spec, request, address);
    }

    /** What its health check says by the engine's answer to an inspection; empty if it has none. */
    static String inspectedHealth(Json inspected) {
        String health = inspected.at("State", "Health", "Status").text("");
        return health.equals("none") ? "" : health;
    }

    /** Where it listens by the engine's answer to an inspection. */
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
        // what Docker calls bridge, Podman calls podman, and takes the other name, too
        boolean podmans = network.equals("bridge") && !networks.at("bridge").isPresent();
        return networks.at(podmans ? "podman" : network, "IPAddress")
                .text()
                .filter(ip -> !ip.isEmpty())
                .map(ip -> Address.of(ip, port));
    }
}
