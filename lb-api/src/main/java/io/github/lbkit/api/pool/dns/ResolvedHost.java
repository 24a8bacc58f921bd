package io.github.lbkit.api.pool.dns;

import io.github.lbkit.api.pool.spi.ListedServer;
import io.github.lbkit.api.pool.spi.PolledPool;
import io.github.lbkit.api.runtime.NameResolver;
import io.github.lbkit.api.runtime.Scheduler;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A source of servers: the addresses of a host, resolved by a {@link NameResolver} at each poll. */
final class ResolvedHost implements PolledPool.Source {
    private final DnsOptions options;
    private final NameResolver names;

    ResolvedHost(DnsOptions options, NameResolver names) {
        this.options = options;
        this.names = names;
    }

    @Override
    public String name() {
        return "host " + options.name;
    }

    @Override
    public Duration timeout() {
        return options.timeout;
    }

    @Override
    public CompletionStage<List<ListedServer>> poll(Scheduler worker) {
        return names.refresh(options.name)
                .thenApplyAsync(
                        found -> DnsServers.ofAddresses(
                                options,
                                found.stream().map(InetAddress::getHostAddress).toList()),
                        worker);
    }
}
