/** Contracts of a load balancer, and the core that composes them. */
module io.github.lbkit.api {
    requires transitive static org.jspecify;
    requires org.slf4j;

    exports io.github.lbkit.api;
    exports io.github.lbkit.api.health;

    uses io.github.lbkit.api.PolicyProvider;
    uses io.github.lbkit.api.ServerPoolProvider;
}
