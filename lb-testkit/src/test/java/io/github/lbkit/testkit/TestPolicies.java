package io.github.lbkit.testkit;

import io.github.lbkit.api.HashRouter;
import io.github.lbkit.api.Member;
import java.util.List;

/** Policies and routers of this package, for the tests of others. */
public final class TestPolicies {
    private TestPolicies() {}

    /** A hash of all 64 bits. */
    public static long hash(String key) {
        return new SampleKeys(key.hashCode()).next();
    }

    /** A router that keeps every promise. */
    public static HashRouter table(List<Member> members) {
        return new TableRouter(members, TableRouter::fair);
    }
}
