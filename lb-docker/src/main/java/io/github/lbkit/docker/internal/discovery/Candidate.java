package io.github.lbkit.docker.internal.discovery;

import io.github.lbkit.docker.internal.engine.HealthStatus;
import io.github.lbkit.docker.internal.engine.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A container with the label of the pool, as the engine's list shows it. Immutable.
 *
 * @param id the engine's id of the container
 * @param name the container's name without the slash
 * @param created the time of creation in seconds, by the engine's clock
 * @param state the state, such as {@code running}, {@code paused} or {@code exited}
 * @param health the result of the health check in the engine's terms; empty if there is no health check
 * @param labels all labels of the container
 * @param ports the TCP ports of the container
 * @param addresses the container's addresses by the names of their networks
 * @param hostNetwork true if the container shares the network of its host
 */
record Candidate(
        String id,
        String name,
        long created,
        String state,
        String health,
        Map<String, String> labels,
        List<Port> ports,
        Map<String, String> addresses,
        boolean hostNetwork) {

    /**
     * A port of the container.
     *
     * @param port the port inside the container
     * @param hostIp the host address at which the port is published
     * @param hostPort the host port at which the port is published; 0 if it is not published
     */
    record Port(int port, String hostIp, int hostPort) {}

    /** Returns the container of a list entry. */
    static Candidate of(Json listed) {
        List<Port> ports = new ArrayList<>();
        for (Json port : listed.at("Ports").elements()) {
            if (port.at("Type").text("tcp").equals("tcp")) {
                ports.add(new Port(
                        (int) port.at("PrivatePort").number(0), port.at("IP").text(""), (int)
                                port.at("PublicPort").number(0)));
            }
        }
        Map<String, String> addresses = new LinkedHashMap<>();
        listed.at("NetworkSettings", "Networks").fields().forEach((network, settings) -> {
            String address = settings.at("IPAddress").text("");
            if (!address.isEmpty()) {
                addresses.put(network, address);
            }
        });
        String id = listed.at("Id").text("");
        String name = listed.at("Names").elements().stream()
                .flatMap(entry -> entry.text().stream())
                .filter(text -> text.lastIndexOf('/') == 0)
                .findFirst()
                .map(text -> text.substring(1))
                .orElse(id);
        return new Candidate(
                id,
                name,
                listed.at("Created").number(0),
                listed.at("State").text(""),
                HealthStatus.of(listed.at("Status").text("")),
                listed.at("Labels").texts(),
                List.copyOf(ports),
                Map.copyOf(addresses),
                listed.at("HostConfig", "NetworkMode").text("").equals("host"));
    }

    /** Returns true if the container's process exists, paused or not. */
    boolean runs() {
        return state.equals("running") || state.equals("paused");
    }
}
