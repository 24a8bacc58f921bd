package io.github.lbkit.testkit.docker.internal.container;

import io.github.lbkit.testkit.docker.internal.engine.EngineContext;
import io.github.lbkit.testkit.docker.internal.http.EngineError;
import io.github.lbkit.testkit.docker.internal.http.JsonValues;
import java.util.LinkedHashMap;
import java.util.Map;

/** The networks of one engine; their containers have addresses in 127.0.0.0/8. Guarded by the engine's lock. */
public final class Networks {
    /** The network of a container that names none. */
    public static final String DEFAULT = "bridge";

    private static final int LAST_HOST = 65_000;

    private final EngineContext context;
    private final Map<String, Network> byName = new LinkedHashMap<>();

    /** One network. */
    static final class Network {
        final String id;
        final String name;
        final Map<String, Object> config;

        /** The second byte of its addresses. */
        final int block;

        private int hosts = 1;

        Network(String id, String name, Map<String, Object> config, int block) {
            this.id = id;
            this.name = name;
            this.config = config;
            this.block = block;
        }

        /** Returns the next address; addresses repeat when all have been used. */
        String nextAddress() {
            hosts = hosts % LAST_HOST + 1;
            return "127." + block + "." + hosts / 250 + "." + (hosts % 250 + 1);
        }

        Map<String, Object> json(Map<String, Object> containers) {
            return JsonValues.object(
                    "Name",
                    name,
                    "Id",
                    id,
                    "Created",
                    "2026-01-01T00:00:00Z",
                    "Scope",
                    "local",
                    "Driver",
                    JsonValues.text(config, "Driver", "bridge"),
                    "EnableIPv6",
                    false,
                    "Internal",
                    config.getOrDefault("Internal", false),
                    "Attachable",
                    config.getOrDefault("Attachable", false),
                    "Labels",
                    JsonValues.map(config, "Labels"),
                    "Containers",
                    containers);
        }
    }

    /** Creates the networks that every engine has. */
    public Networks(EngineContext context) {
        this.context = context;
        for (String name : new String[] {DEFAULT, "host", "none"}) {
            create(JsonValues.object("Name", name));
        }
    }

    Network create(Map<String, Object> config) {
        String name = JsonValues.text(config, "Name", "");
        if (byName.containsKey(name)) {
            throw new EngineError(409, "network with name " + name + " already exists");
        }
        Network network = new Network(context.newId(), name, config, 20 + (context.number * 16 + byName.size()) % 200);
        byName.put(name, network);
        context.events.record("network", "create", network.id, Map.of("name", name, "type", "bridge"));
        return network;
    }

    /** Returns the network of this name or id; throws an error 404 if there is none. */
    Network network(String subject) {
        String name = subject.isEmpty() || subject.equals("default") ? DEFAULT : subject;
        return byName.values().stream()
                .filter(network -> network.name.equals(name) || network.id.equals(name))
                .findFirst()
                .orElseThrow(() -> new EngineError(404, "network " + subject + " not found"));
    }

    Map<String, Network> all() {
        return byName;
    }

    void remove(Network network) {
        byName.remove(network.name);
        context.events.record("network", "destroy", network.id, Map.of("name", network.name, "type", "bridge"));
    }
}
