package io.github.lbkit.docker.internal.provider;

import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.spi.PoolUri;
import io.github.lbkit.api.pool.spi.ServerPoolProvider;
import io.github.lbkit.docker.SwarmOptions;
import io.github.lbkit.docker.SwarmServerPool;
import java.time.Duration;
import java.util.Set;

/** The provider of {@link SwarmServerPool}s for URIs of the scheme {@code swarm}, followed by the name of a service. */
public final class SwarmServerPoolProvider implements ServerPoolProvider {
    /** Called by {@link java.util.ServiceLoader}. */
    public SwarmServerPoolProvider() {}

    @Override
    public String scheme() {
        return "swarm";
    }

    @Override
    public Set<String> options() {
        return Set.of("host", "port", "network", "poll-millis", "timeout-millis", "drain-seconds", "max-servers");
    }

    @Override
    public String usage() {
        return "the name of a service; options: host=unix:///path|tcp://host:port of a manager, port=the only one"
                + " published, network=NAME, poll-millis=500, timeout-millis=5000, drain-seconds=10, max-servers=128;"
                + " such as swarm:shop";
    }

    @Override
    public ServerPool open(PoolUri uri, PoolContext context) {
        if (uri.body().isEmpty()) {
            throw new IllegalArgumentException("swarm: names no service; it takes " + usage());
        }
        SwarmOptions.Builder options = SwarmOptions.service(uri.body())
                .pollInterval(Duration.ofMillis(uri.intOption("poll-millis", 500, 10, 600_000)))
                .timeout(Duration.ofMillis(uri.intOption("timeout-millis", 5_000, 10, 600_000)))
                .drain(Duration.ofSeconds(uri.intOption("drain-seconds", 10, 0, 3_600)))
                .maxServers(uri.intOption("max-servers", 128, 1, 10_000));
        uri.option("host").ifPresent(options::host);
        uri.option("network").ifPresent(options::network);
        if (uri.options().containsKey("port")) {
            options.port(uri.intOption("port", 1, 1, 65_535));
        }
        return SwarmServerPool.open(context, options.build());
    }
}
