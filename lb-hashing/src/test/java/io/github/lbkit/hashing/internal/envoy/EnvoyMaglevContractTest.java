package io.github.lbkit.hashing.internal.envoy;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.HashRouters;
import io.github.lbkit.testkit.HashRouterContract;
import java.util.List;

/** The laws on small tables, which are built quickly. */
class EnvoyMaglevContractTest extends HashRouterContract {
    @Override
    protected HashRouter router(List<Member> members) {
        return HashRouters.envoyMaglev(members, 509);
    }

    @Override
    protected HashRouter goldenRouter(List<Member> members) {
        return HashRouters.envoyMaglev(members, HashRouters.ENVOY_TABLE_SIZE);
    }

    @Override
    protected long goldenChecksum() {
        return 5505144138949382751L;
    }
}
