/** Consistent hashing: pure functions of membership and key. */
module io.github.lbkit.hashing {
    requires com.dynatrace.hash4j;
    requires transitive com.google.common;
    requires transitive io.github.lbkit.api;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.github.lbkit.hashing;

    provides io.github.lbkit.api.policy.PolicyProvider with
            io.github.lbkit.hashing.internal.policy.HashingPolicyProvider;
}
