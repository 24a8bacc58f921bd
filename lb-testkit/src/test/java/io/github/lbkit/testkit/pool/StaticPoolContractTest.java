package io.github.lbkit.testkit.pool;

import io.github.lbkit.api.Address;
import io.github.lbkit.api.Instance;
import io.github.lbkit.api.Server;
import io.github.lbkit.api.ServerPool;
import io.github.lbkit.api.pool.StaticPool;
import io.github.lbkit.api.runtime.Runtimes;
import io.github.lbkit.testkit.ServerPoolContract;
import java.util.List;

class StaticPoolContractTest extends ServerPoolContract {
    @Override
    protected ServerPool open() {
        return StaticPool.of(
                "static",
                Runtimes.system(),
                List.of(
                        Server.ready("b", new Instance("b", Address.of("127.0.0.1", 1), 1)),
                        Server.ready("a", new Instance("a", Address.of("127.0.0.1", 2), 1))));
    }
}
