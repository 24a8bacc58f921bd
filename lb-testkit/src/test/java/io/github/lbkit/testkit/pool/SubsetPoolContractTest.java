package io.github.lbkit.testkit.pool;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.StaticPool;
import io.github.lbkit.api.pool.SubsetPool;
import io.github.lbkit.api.pool.spi.PoolContext;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.ServerPoolContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class SubsetPoolContractTest extends ServerPoolContract {
    private final List<ServerPool> others = new ArrayList<>();

    @AfterEach
    void closeOthers() {
        others.forEach(ServerPool::close);
    }

    @Override
    protected ServerPool open() {
        StaticPool all = StaticPool.of(
                "all",
                Runtimes.system(),
                List.of(
                        Server.ready("b", new Instance("b", Address.of("127.0.0.1", 1), 1)),
                        Server.ready("a", new Instance("a", Address.of("127.0.0.1", 2), 1))));
        others.add(all);
        return SubsetPool.ofClient(new PoolContext("subset", Runtimes.system(), Path.of("unused")), all, "me", 1);
    }
}
