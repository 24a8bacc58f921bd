package io.github.lbkit.hashing.internal.table;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import io.github.lbkit.hashing.HashRouters;
import io.github.lbkit.testkit.HashRouterContract;
import java.util.List;

/** The laws on small tables, which are built quickly. */
class MaglevContractTest extends HashRouterContract {
    @Override
    protected HashRouter router(List<Member> members) {
        return MaglevRouter.ofSlots(members, 509);
    }

    @Override
    protected HashRouter goldenRouter(List<Member> members) {
        return HashRouters.maglev(members, 128);
    }

    @Override
    protected long goldenChecksum() {
        return -3182388124385683694L;
    }
}
