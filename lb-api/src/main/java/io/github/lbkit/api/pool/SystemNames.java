package io.github.lbkit.api.pool;

import io.github.lbkit.api.Scheduler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A host's addresses, as the machine's own resolver tells them: its files, its search domains and its name servers. */
final class SystemNames implements PolledPool.Source {
    private final DnsOptions options;

    SystemNames(DnsOptions options) {
        this.options = options;
    }

    @Override
    public String name() {
        return "host " + options.name;
    }

    @Override
    public Duration patience() {
        return options.timeout;
    }

    @Override
    public CompletionStage<List<Listed>> look(Scheduler worker) {
        try {
            List<String> addresses = new ArrayList<>();
            for (InetAddress address : InetAddress.getAllByName(options.name)) {
                addresses.add(address.getHostAddress());
            }
            return CompletableFuture.completedFuture(DnsServers.ofAddresses(options, addresses));
        } catch (UnknownHostException e) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("no address is known for host " + options.name, e));
        }
    }
}
