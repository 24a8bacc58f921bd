package io.github.lbkit.testkit.pool;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.PriorityOptions;
import io.github.lbkit.api.pool.PriorityPool;
import io.github.lbkit.api.pool.StaticPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.ServerPoolContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class PriorityPoolContractTest extends ServerPoolContract {
    private final List<ServerPool> others = new ArrayList<>();

    @AfterEach
    void closeOthers() {
        others.forEach(ServerPool::close);
    }

    private ServerPool pool(String name, Server.State state) {
        Instance instance = new Instance("a", Address.of("127.0.0.1", 1), 1);
        ServerPool pool = StaticPool.of(
                name, Runtimes.system(), List.of(Server.ready("a", instance).withState(state)));
        others.add(pool);
        return pool;
    }

    @Override
    protected ServerPool open() {
        return PriorityPool.open(
                new PoolContext("priority", Runtimes.system(), Path.of("unused")),
                List.of(pool("first", Server.State.DOWN), pool("second", Server.State.READY)),
                PriorityOptions.DEFAULTS);
    }
}
