/** Contracts of a load balancer, and the core that composes them. */
@SuppressWarnings("module") // lb-http, which is compiled after this module, may use what is internal here
module io.github.lbkit.api {
    requires transitive static org.jspecify;
    requires java.naming;
    requires jdk.naming.dns;
    requires org.slf4j;

    exports io.github.lbkit.api;
    exports io.github.lbkit.api.runtime;
    exports io.github.lbkit.api.explain;
    exports io.github.lbkit.api.health;
    exports io.github.lbkit.api.policy;
    exports io.github.lbkit.api.pool;
    exports io.github.lbkit.api.pool.dns;
    exports io.github.lbkit.api.pool.process;
    exports io.github.lbkit.api.pool.spi;
    exports io.github.lbkit.api.pool.supervised;
    exports io.github.lbkit.api.internal to
            io.github.lbkit.http;

    uses io.github.lbkit.api.policy.PolicyProvider;
    uses io.github.lbkit.api.pool.spi.ServerPoolProvider;

    provides io.github.lbkit.api.policy.PolicyProvider with
            io.github.lbkit.api.policy.CorePolicies;
    provides io.github.lbkit.api.pool.spi.ServerPoolProvider with
            io.github.lbkit.api.internal.pool.provider.StaticPoolProvider,
            io.github.lbkit.api.internal.pool.provider.ProcessPoolProvider,
            io.github.lbkit.api.internal.pool.provider.FilePoolProvider,
            io.github.lbkit.api.internal.pool.provider.DnsPoolProvider;
}
