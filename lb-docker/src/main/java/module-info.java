/** Pools whose servers are containers of a Docker engine. */
module io.github.lbkit.docker {
    requires transitive io.github.lbkit.api;
    requires static org.jspecify;
    requires com.fasterxml.jackson.core;
    requires com.github.dockerjava.transport;
    requires com.github.dockerjava.transport.httpclient5;
    requires org.slf4j;

    exports io.github.lbkit.docker;

    provides io.github.lbkit.api.pool.spi.ServerPoolProvider with
            io.github.lbkit.docker.internal.provider.DockerPoolProvider,
            io.github.lbkit.docker.internal.provider.DockerDiscoveryPoolProvider,
            io.github.lbkit.docker.internal.provider.SwarmServerPoolProvider;
}
