package io.github.lbkit.docker.internal.discovery;

import io.github.lbkit.api.Address;
import io.github.lbkit.docker.DiscoveryLabels;
import io.github.lbkit.docker.internal.engine.EngineAddress;
import io.github.lbkit.docker.internal.engine.PublishedPort;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The addresses of running containers: on a network shared with the balancer, or at published ports. Immutable. */
final class ContainerAddresses {
    private final Optional<String> network;
    private final String engineHost;

    /**
     * Creates the addresses.
     *
     * @param network the network; empty for published ports
     * @param engine the engine, whose host is used for ports that are published on all addresses
     */
    ContainerAddresses(Optional<String> network, EngineAddress engine) {
        this.network = network;
        this.engineHost = engine.host();
    }

    /** Returns the address of a running container. */
    Address of(Candidate container, ServerLabels labels) {
        int port = labels.port().orElseGet(() -> onlyPort(container));
        if (container.hostNetwork()) {
            return new Address(engineHost, port, labels.attributes());
        }
        return network.isPresent()
                ? onNetwork(container, network.get(), port, labels)
                : published(container, port, labels);
    }

    private static int onlyPort(Candidate container) {
        Set<Integer> ports =
                container.ports().stream().map(Candidate.Port::port).collect(Collectors.toSet());
        if (ports.size() != 1) {
            throw new ServerLabels.InvalidException(
                    "there is no label " + DiscoveryLabels.PORT + ", and the container has "
                            + (ports.isEmpty() ? "no TCP port" : "the TCP ports " + ports) + ", not one");
        }
        return ports.iterator().next();
    }

    private static Address onNetwork(Candidate container, String network, int port, ServerLabels labels) {
        String address = container.addresses().get(network);
        if (address == null) {
            throw new ServerLabels.InvalidException("it has no address on network " + network + ", only on "
                    + container.addresses().keySet());
        }
        return new Address(address, port, labels.attributes());
    }

    private Address published(Candidate container, int port, ServerLabels labels) {
        List<PublishedPort> found = container.ports().stream()
                .filter(mapping -> mapping.port() == port && mapping.hostPort() > 0)
                .map(mapping -> new PublishedPort(mapping.hostIp(), mapping.hostPort()))
                .toList();
        Address best = PublishedPort.best(found, engineHost)
                .orElseThrow(() -> new ServerLabels.InvalidException("its port " + port
                        + " is not published; publish it, or name a network that the balancer"
                        + " shares with it (option network)"));
        return new Address(best.host(), best.port(), labels.attributes());
    }
}
