package io.github.lbkit.testkit.docker.internal.container;

import io.github.lbkit.testkit.docker.internal.http.ApiVersions;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import io.github.lbkit.testkit.docker.internal.http.QueryFilters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A writer of containers as JSON, as the engine's API returns them. Guarded by the engine's lock. */
public final class ContainerJson {
    /** The first API version that returns the address of a container with its network alone. */
    private static final int FIRST_WITHOUT_ADDRESS = 1052;

    private final Networks networks;
    private final ApiVersions versions;

    /** Creates the writer. */
    public ContainerJson(Networks networks, ApiVersions versions) {
        this.networks = networks;
        this.versions = versions;
    }

    /** Returns the container as an item of a list. */
    Map<String, Object> listed(EngineContainer container, Instant now) {
        List<Object> ports = new ArrayList<>();
        container.published.forEach(port -> ports.add(JsonValues.object(
                "IP", port.hostIp(), "PrivatePort", port.port(), "PublicPort", port.hostPort(), "Type", "tcp")));
        for (int port : container.exposed()) {
            if (container.published.stream().noneMatch(published -> published.port() == port)) {
                ports.add(JsonValues.object("PrivatePort", port, "Type", "tcp"));
            }
        }
        return JsonValues.object(
                "Id", container.id,
                "Names", List.of("/" + container.name),
                "Image", container.image(),
                "ImageID", container.imageId,
                "Command", String.join(" ", command(container)),
                "Created", container.created.getEpochSecond(),
                "Ports", ports,
                "Labels", container.labels,
                "State", container.state,
                "Status", status(container, now),
                "HostConfig", JsonValues.object("NetworkMode", mode(container)),
                "NetworkSettings", JsonValues.object("Networks", networks(container)),
                "Mounts", List.of());
    }

    /** Returns the container with all details. */
    Map<String, Object> inspected(EngineContainer container) {
        Map<String, Object> state = JsonValues.object(
                "Status",
                container.state,
                "Running",
                container.running(),
                "Paused",
                container.state.equals("paused"),
                "Restarting",
                false,
                "OOMKilled",
                container.outOfMemory,
                "Dead",
                false,
                "Pid",
                container.running() ? 4242 : 0,
                "ExitCode",
                container.exitCode,
                "Error",
                "",
                "StartedAt",
                time(container.started),
                "FinishedAt",
                time(container.finished));
        if (!container.health.isEmpty()) {
            state.put("Health", JsonValues.object("Status", container.health, "FailingStreak", 0, "Log", List.of()));
        }
        Map<String, Object> config = new LinkedHashMap<>(container.config);
        config.remove("HostConfig");
        config.remove("NetworkingConfig");
        config.put("Labels", container.labels);
        Map<String, Object> settings =
                JsonValues.object("Ports", bindings(container), "Networks", networks(container), "SandboxID", "");
        if (versions.newest() < FIRST_WITHOUT_ADDRESS) {
            settings.put("IPAddress", container.networks.getOrDefault(Networks.DEFAULT, ""));
        }
        return JsonValues.object(
                "Id",
                container.id,
                "Created",
                time(container.created),
                "Path",
                command(container).isEmpty() ? "" : command(container).get(0),
                "Args",
                command(container).stream().skip(1).toList(),
                "State",
                state,
                "Image",
                container.imageId,
                "Name",
                "/" + container.name,
                "RestartCount",
                0,
                "Driver",
                "fake",
                "HostConfig",
                JsonValues.map(container.config, "HostConfig"),
                "Mounts",
                List.of(),
                "Config",
                config,
                "NetworkSettings",
                settings);
    }

    /** Returns whether the container passes all filters. */
    boolean matches(EngineContainer container, QueryFilters filters) {
        return filters.labels(container.labels)
                && filters.any(
                        "name", wanted -> ("/" + container.name).contains(wanted) || container.name.matches(wanted))
                && filters.any("id", container.id::startsWith)
                && filters.any("status", container.state::equals)
                && filters.any(
                        "health", wanted -> wanted.equals(container.health.isEmpty() ? "none" : container.health))
                && filters.any(
                        "ancestor", wanted -> wanted.equals(container.image()) || wanted.equals(container.imageId))
                && filters.any("network", wanted -> container.networks.containsKey(networks.network(wanted).name));
    }

    private Map<String, Object> bindings(EngineContainer container) {
        Map<String, Object> bindings = new LinkedHashMap<>();
        for (int port : container.exposed()) {
            bindings.put(port + "/tcp", JsonValues.NULL);
        }
        container.published.forEach(port -> bindings.put(
                port.port() + "/tcp",
                List.of(JsonValues.object("HostIp", port.hostIp(), "HostPort", String.valueOf(port.hostPort())))));
        return bindings;
    }

    private Map<String, Object> networks(EngineContainer container) {
        Map<String, Object> all = new LinkedHashMap<>();
        container.networks.forEach((name, address) -> all.put(
                name,
                JsonValues.object(
                        "NetworkID",
                        networks.all().containsKey(name) ? networks.network(name).id : "",
                        "IPAddress",
                        address,
                        "IPPrefixLen",
                        address.isEmpty() ? 0 : 16,
                        "Gateway",
                        "",
                        "MacAddress",
                        "")));
        return all;
    }

    private static String mode(EngineContainer container) {
        return JsonValues.text(JsonValues.map(container.config, "HostConfig"), "NetworkMode", "default");
    }

    private static List<String> command(EngineContainer container) {
        return JsonValues.list(container.config, "Cmd").stream()
                .map(Object::toString)
                .toList();
    }

    private static String status(EngineContainer container, Instant now) {
        String up = "Up " + Duration.between(container.started, now).toSeconds() + " seconds";
        return switch (container.state) {
            case "running" ->
                switch (container.health) {
                    case "" -> up;
                    case "starting" -> up + " (health: starting)";
                    default -> up + " (" + container.health + ")";
                };
            case "paused" -> up + " (Paused)";
            case "created" -> "Created";
            default ->
                "Exited (" + container.exitCode + ") "
                        + Duration.between(container.finished, now).toSeconds() + " seconds ago";
        };
    }

    private static String time(Instant instant) {
        return instant.equals(Instant.EPOCH) ? "0001-01-01T00:00:00Z" : instant.toString();
    }
}
