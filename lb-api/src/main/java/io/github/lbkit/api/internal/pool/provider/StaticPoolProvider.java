package io.github.lbkit.api.internal.pool.provider;

import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.internal.pool.ServerUri;
import io.github.lbkit.api.pool.StaticPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.pool.spi.PoolUri;
import io.github.lbkit.api.pool.spi.ServerPoolProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The provider of {@link StaticPool}s: {@code static:} and a list of URLs. */
public final class StaticPoolProvider implements ServerPoolProvider {
    /** For {@link java.util.ServiceLoader}. */
    public StaticPoolProvider() {}

    @Override
    public String scheme() {
        return "static";
    }

    @Override
    public Set<String> options() {
        return Set.of();
    }

    @Override
    public String usage() {
        return "[NAME=]URL[;weight=N],… where URL is http://host:port, https://host:port, SCHEME://host:port,"
                + " host:port or unix:/path, and NAME is host:port or unix:/path unless given;"
                + " such as static:S1=http://10.0.0.1:8080;weight=3,10.0.0.2:8080";
    }

    @Override
    public ServerPool open(PoolUri uri, PoolContext context) {
        if (uri.body().isBlank()) {
            throw new IllegalArgumentException("static: names no server; " + usage());
        }
        List<Server> servers = new ArrayList<>();
        for (String entry : uri.body().split(",", -1)) {
            servers.add(ServerUri.parse(entry.trim()));
        }
        return StaticPool.of(context.name(), context.runtimes(), servers);
    }
}
