package io.github.lbkit.docker.internal.discovery;

import io.github.lbkit.api.Address;
import io.github.lbkit.docker.DiscoveryLabels;
import io.github.lbkit.docker.internal.engine.EngineAddress;
import io.github.lbkit.docker.internal.engine.PublishedPort;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a container that runs is found: on a network that the balancer shares with it, or where its port is published. Immutable. */
final class ContainerAddresses {
    private final Optional<String> network;
    private final String engineHost;

    /**
     * @param network the network; empty for published ports
     * @param engine whose host stands for what is published on all of its addresses
     */
    ContainerAddresses(Optional<String> network, EngineAddress engine) {
        this.network = network;
        this.engineHost = engine.unix() ? "127.0.0.1" : engine.uri().getHost();
    }

    Address of(Candidate container, ServerLabels words) {
        int port = words.port().orElseGet(() -> onlyPort(container));
        if (container.hostNetwork()) {
            return new Address(engineHost, port, words.attributes());
        }
        return network.isPresent()
                ? onNetwork(container, network.get(), port, words)
                : published(container, port, words);
    }

    private static int onlyPort(Candidate container) {
        Set<Integer> ports =
                container.ports().stream().map(Candidate.Port::port).collect(Collectors.toSet());
        if (ports.size() != 1) {
            throw new ServerLabels.Wrong("there is no label " + DiscoveryLabels.PORT + ", and the container has "
                    + (ports.isEmpty() ? "no TCP port" : "the TCP ports " + ports) + ", not one");
        }
        return ports.iterator().next();
    }

    private static Address onNetwork(Candidate container, String network, int port, ServerLabels words) {
        String address = container.addresses().get(network);
        if (address == null) {
            throw new ServerLabels.Wrong("it has no address on network " + network + ", only on "
                    + container.addresses().keySet());
        }
        return new Address(address, port, words.attributes());
    }

    private Address published(Candidate container, int port, ServerLabels words) {
        List<PublishedPort> found = container.ports().stream()
                .filter(one -> one.port() == port && one.hostPort() > 0)
                .map(one -> new PublishedPort(one.hostIp(), one.hostPort()))
                .toList();
        Address best = PublishedPort.best(found, engineHost)
                .orElseThrow(() -> new ServerLabels.Wrong("its port " + port
                        + " is not published; publish it, or let the pool look at a network (option network)"));
        return new Address(best.host(), best.port(), words.attributes());
    }
}
