package io.github.lbkit.docker.internal.provider;

import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.spi.PoolUri;
import io.github.lbkit.api.pool.spi.ServerPoolProvider;
import io.github.lbkit.docker.DiscoveryLabels;
import io.github.lbkit.docker.DiscoveryOptions;
import io.github.lbkit.docker.DockerDiscoveryPool;
import java.time.Duration;
import java.util.Set;

/** The provider of {@link DockerDiscoveryPool}s for URIs of the scheme {@code docker-discover}. */
public final class DockerDiscoveryPoolProvider implements ServerPoolProvider {
    /** Called by {@link java.util.ServiceLoader}. */
    public DockerDiscoveryPoolProvider() {}

    @Override
    public String scheme() {
        return "docker-discover";
    }

    @Override
    public Set<String> options() {
        return Set.of("pool", "host", "network", "relist-seconds", "timeout-millis", "drain-seconds");
    }

    @Override
    public String usage() {
        return "?pool=NAME for the containers with the label " + DiscoveryLabels.POOL + "=NAME; options: host="
                + "unix:///path|tcp://host:port, network=NAME, relist-seconds=10, timeout-millis=5000,"
                + " drain-seconds=30; such as docker-discover:?pool=shop";
    }

    @Override
    public ServerPool open(PoolUri uri, PoolContext context) {
        if (!uri.body().isEmpty()) {
            throw new IllegalArgumentException(
                    "docker-discover: '" + uri.body() + "' precedes the options; it takes " + usage());
        }
        DiscoveryOptions.Builder options = DiscoveryOptions.pool(uri.option("pool")
                        .orElseThrow(() -> new IllegalArgumentException(
                                "docker-discover: has no option pool; it takes " + usage())))
                .relistInterval(Duration.ofSeconds(uri.intOption("relist-seconds", 10, 1, 3_600)))
                .timeout(Duration.ofMillis(uri.intOption("timeout-millis", 5_000, 10, 600_000)))
                .drain(Duration.ofSeconds(uri.intOption("drain-seconds", 30, 0, 3_600)));
        uri.option("host").ifPresent(options::host);
        uri.option("network").ifPresent(options::network);
        return DockerDiscoveryPool.open(context, options.build());
    }
}
