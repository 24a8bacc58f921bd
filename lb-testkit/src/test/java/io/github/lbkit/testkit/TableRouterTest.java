package io.github.lbkit.testkit;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import java.util.List;

/** Tests that the suite accepts a correct router. */
class TableRouterTest extends HashRouterContract {
    @Override
    protected HashRouter router(List<Member> members) {
        return new TableRouter(members, TableRouter::fair);
    }

    @Override
    protected long goldenChecksum() {
        return -8551684407959519254L;
    }

    @Override
    protected int maxMembers() {
        return 12;
    }
}
