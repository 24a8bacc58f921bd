package io.github.lbkit.docker.internal.discovery;

import io.github.lbkit.docker.internal.engine.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A container with the label of the pool, as the engine's list shows it. Immutable.
 *
 * @param id the engine's id
 * @param name without the slash
 * @param created in seconds, by the engine's clock
 * @param state such as {@code running}, {@code paused} or {@code exited}
 * @param health of its check, as the engine calls it; empty if it has none
 * @param labels all of them
 * @param ports its TCP ports
 * @param addresses on its networks, by their names; only of networks where it has one
 * @param hostNetwork whether it shares the network of its host
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
     * @param port inside of it
     * @param hostIp where it is published
     * @param hostPort where it is published; 0 if it is not
     */
    record Port(int port, String hostIp, int hostPort) {}

    /** The container of this entry of a list. */
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
                .flatMap(one -> one.text().stream())
                .filter(one -> one.lastIndexOf('/') == 0)
                .findFirst()
                .map(one -> one.substring(1))
                .orElse(id);
        return new Candidate(
                id,
                name,
                listed.at("Created").number(0),
                listed.at("State").text(""),
                health(listed.at("Status").text("")),
                listed.at("Labels").texts(),
                List.copyOf(ports),
                Map.copyOf(addresses),
                listed.at("HostConfig", "NetworkMode").text("").equals("host"));
    }

    /** Whether its process is there, paused or not. */
    boolean runs() {
        return state.equals("running") || state.equals("paused");
    }

    private static String health(String status) {
        if (status.contains("(healthy)")) {
            return "healthy";
        } else if (status.contains("(unhealthy)")) {
            return "unhealthy";
        }
        return status.contains("(health: starting)") ? "starting" : "";
    }
}
