package io.github.lbkit.docker;

import io.github.lbkit.api.Membership;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.docker.FakeContainerSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shared parts of tests of pools on a fake engine. */
final class FakeEngines {
    private FakeEngines() {}

    static PoolContext context(String pool) {
        return new PoolContext(pool, Runtimes.system(), Path.of("unused"));
    }

    /** A container of the pool {@code shop} whose port is published. */
    static FakeContainerSpec shop(String name) {
        return FakeContainerSpec.named(name).label("lbkit.pool", "shop").publishing(8080);
    }

    /** The state of each server, by id. */
    static Map<String, Server.State> states(ServerPool pool) {
        return states(pool.membership());
    }

    static Map<String, Server.State> states(Membership membership) {
        Map<String, Server.State> states = new TreeMap<>();
        membership.servers().forEach(server -> states.put(server.id(), server.state()));
        return states;
    }

    static long generation(ServerPool pool, String id) {
        return pool.membership()
                .server(id)
                .orElseThrow()
                .instance()
                .orElseThrow()
                .generation();
    }

    static List<String> ready(ServerPool pool) {
        return pool.membership().servers().stream()
                .filter(server -> server.state() == Server.State.READY)
                .map(Server::id)
                .toList();
    }
}
