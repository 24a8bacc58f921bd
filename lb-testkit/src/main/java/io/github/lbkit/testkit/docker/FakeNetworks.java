package io.github.lbkit.testkit.docker;

import java.util.LinkedHashMap;
import java.util.Map;

/** The networks of one engine; their containers have addresses of 127.0.0.0/8. Confined to the engine's lock. */
final class FakeNetworks {
    /** The network of whoever names none. */
    static final String DEFAULT = "bridge";

    private static final int LAST_HOST = 65_000;

    private final EngineCore core;
    private final Map<String, Network> byName = new LinkedHashMap<>();

    static final class Network {
        final String id;
        final String name;
        final Map<String, Object> config;

        /** The second number of its addresses. */
        final int block;

        private int hosts = 1;

        Network(String id, String name, Map<String, Object> config, int block) {
            this.id = id;
            this.name = name;
            this.config = config;
            this.block = block;
        }

        /** An address that was not given before, until all have been. */
        String nextAddress() {
            hosts = hosts % LAST_HOST + 1;
            return "127." + block + "." + hosts / 250 + "." + (hosts % 250 + 1);
        }

        Map<String, Object> json(Map<String, Object> containers) {
            return Json.object(
                    "Name",
                    name,
                    "Id",
                    id,
                    "Created",
                    "2026-01-01T00:00:00Z",
                    "Scope",
                    "local",
                    "Driver",
                    Json.text(config, "Driver", "bridge"),
                    "EnableIPv6",
                    false,
                    "Internal",
                    config.getOrDefault("Internal", false),
                    "Attachable",
                    config.getOrDefault("Attachable", false),
                    "Labels",
                    Json.map(config, "Labels"),
                    "Containers",
                    containers);
        }
    }

    FakeNetworks(EngineCore core) {
        this.core = core;
        for (String name : new String[] {DEFAULT, "host", "none"}) {
            create(Json.object("Name", name));
        }
    }

    Network create(Map<String, Object> config) {
        String name = Json.text(config, "Name", "");
        if (byName.containsKey(name)) {
            throw new EngineError(409, "network with name " + name + " already exists");
        }
        Network network = new Network(core.newId(), name, config, 20 + (core.number * 16 + byName.size()) % 200);
        byName.put(name, network);
        core.events.happened("network", "create", network.id, Map.of("name", name, "type", "bridge"));
        return network;
    }

    /** The network of this name or id. */
    Network network(String subject) {
        String name = subject.isEmpty() || subject.equals("default") ? DEFAULT : subject;
        return byName.values().stream()
                .filter(one -> one.name.equals(name) || one.id.equals(name))
                .findFirst()
                .orElseThrow(() -> new EngineError(404, "network " + subject + " not found"));
    }

    Map<String, Network> all() {
        return byName;
    }

    void remove(Network network) {
        byName.remove(network.name);
        core.events.happened("network", "destroy", network.id, Map.of("name", network.name, "type", "bridge"));
    }
}
