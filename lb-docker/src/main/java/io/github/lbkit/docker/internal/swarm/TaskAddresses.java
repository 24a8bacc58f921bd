package io.github.lbkit.docker.internal.swarm;

import io.github.lbkit.api.Address;
import io.github.lbkit.docker.EngineException;
import io.github.lbkit.docker.SwarmOptions;
import io.github.lbkit.docker.internal.engine.EngineAddress;
import io.github.lbkit.docker.internal.engine.Json;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** The addresses of tasks: at published ports of their nodes, or on a network. Immutable. */
final class TaskAddresses {
    private final SwarmOptions options;
    private final String engineHost;

    TaskAddresses(SwarmOptions options, EngineAddress engine) {
        this.options = options;
        this.engineHost = engine.host();
    }

    /** Returns the port inside the containers; throws an exception if the service does not publish it. */
    int port(Json service) {
        if (options.network().isPresent()) {
            return options.port().orElseThrow();
        }
        Set<Integer> published = new TreeSet<>();
        for (Json port : service.at("Spec", "EndpointSpec", "Ports").elements()) {
            if (port.at("PublishMode").text("ingress").equals("host")
                    && port.at("Protocol").text("tcp").equals("tcp")) {
                published.add((int) port.at("TargetPort").number(0));
            }
        }
        OptionalInt configured = options.port();
        if (configured.isPresent() && published.contains(configured.getAsInt())) {
            return configured.getAsInt();
        } else if (configured.isEmpty() && published.size() == 1) {
            return published.iterator().next();
        }
        throw new EngineException.Refused("service " + options.service() + " publishes "
                + (published.isEmpty() ? "no port" : "the ports " + published) + " in host mode"
                + (configured.isPresent() ? ", not port " + configured.getAsInt() : ", not one")
                + "; create it with --publish mode=host,target=PORT, or name a network, or a port");
    }

    /** Returns the address of a task; empty if none is known. */
    Optional<Address> of(Json task, int port, Map<String, Json> nodes) {
        return options.network().isPresent()
                ? onNetwork(task, options.network().get(), port)
                : published(task, port, nodes);
    }

    private static Optional<Address> onNetwork(Json task, String network, int port) {
        for (Json attachment : task.at("NetworksAttachments").elements()) {
            if (attachment.at("Network", "Spec", "Name").text("").equals(network)) {
                for (Json address : attachment.at("Addresses").elements()) {
                    String ip = address.text("");
                    int mask = ip.indexOf('/');
                    return Optional.of(Address.of(mask < 0 ? ip : ip.substring(0, mask), port));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the node's address with the host port. The list has each port twice, for IPv4 and IPv6; both are equal.
     */
    private Optional<Address> published(Json task, int port, Map<String, Json> nodes) {
        for (Json mapping : task.at("Status", "PortStatus", "Ports").elements()) {
            int hostPort = (int) mapping.at("PublishedPort").number(0);
            if (mapping.at("TargetPort").number(0) == port && hostPort > 0) {
                Json node = nodes.getOrDefault(task.at("NodeID").text(""), Json.ABSENT);
                String host = node.at("Status", "Addr").text("");
                return Optional.of(Address.of(host.isEmpty() || host.equals("0.0.0.0") ? engineHost : host, hostPort));
            }
        }
        return Optional.empty();
    }
}
